// Stands in for the container engine on the PATH of a kustomize: it runs the function elasticsearch-topology as a
// process, and gives every other function to the engine that is there without it. kustomize itself has read the
// function's config by then, so it may be written in whatever way kustomize understands, and name any image.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { delimiter, dirname } from 'node:path';

const input = readFileSync(0);
// As kustomize writes the list: the config stands at the margin, in block style.
const kind = /^functionConfig:\n(?: .*\n)*? {2}kind: (\S+)$/m.exec(input.toString())?.[1] ?? 'unknown';
const here = dirname(process.argv[1] ?? '');
const PATH = (process.env['PATH'] ?? '')
  .split(delimiter)
  .filter((folder) => folder !== here)
  .join(delimiter);

const { status, error } =
  kind === 'ElasticsearchTopology'
    ? spawnSync(process.execPath, [process.env['ELASTICSEARCH_TOPOLOGY'] ?? ''], {
        input,
        stdio: ['pipe', 'inherit', 'inherit'],
      })
    : spawnSync('docker', process.argv.slice(2), {
        input,
        stdio: ['pipe', 'inherit', 'inherit'],
        env: { ...process.env, PATH },
      });
if (error !== undefined) process.stderr.write(`a function of kind ${kind} could not be run: ${error.message}\n`);
process.exitCode = status ?? 1;
