// Prometheus' own tool, built from its Go module.
import { join } from 'node:path';
import { goProgram } from '../../../scripts/lib/go-tools.ts';
import { root } from '../../../scripts/lib/paths.ts';
import { type Finished, run } from '../../../scripts/lib/process.ts';

const target = 'github.com/prometheus/prometheus/cmd/promtool';
/** Without the clients of twenty clouds, which take longer to build than all the rest. */
const tags = ['remove_all_sd', 'enable_kubernetes_sd'];

export const promtool = async (...args: string[]): Promise<Finished> =>
  run(await goProgram('promtool', join(root, 'test/monitoring/prometheus'), target, tags), args, {
    cwd: root,
    seconds: 120,
  });
