// Looks at all that an upgrade of Elasticsearch needs, one yes or no a line; changes nothing:
// tsx scripts/upgrade-check.ts OVERLAY VERSION

import { standingOf } from './lib/check/standing.ts';
import { lineText } from './lib/check/upgrade/line.ts';
import { lookBeforeUpgrade } from './lib/check/upgrade/look.ts';
import { command, progress, UserError } from './lib/cli.ts';
import { elasticsearchIn } from './lib/cluster/elasticsearch.ts';
import { currentContext } from './lib/cluster/kubectl.ts';
import { isReady } from './lib/cluster/snapshot.ts';
import { isNode, targetOf } from './lib/cluster/target.ts';
import { parseVersion } from './lib/image-version.ts';
import { renderOverlay } from './lib/render/prepare.ts';

command(async () => {
  const [, , overlay, wanted = ''] = process.argv;
  const to = parseVersion(wanted);
  if (to === undefined) throw new UserError(`TO must be a version such as 9.5.5, but is "${wanted}"`);
  const { objects } = await renderOverlay(overlay);
  const target = targetOf(objects);
  progress(`Context ${await currentContext()}, namespace ${target.namespace}`);
  const standing = await standingOf(target);
  const pod = standing.pods.find((one) => isNode(target)(one) && isReady(one))?.metadata?.name;
  const elasticsearch = elasticsearchIn(target.namespace, pod);
  const lines = await lookBeforeUpgrade(target, standing, elasticsearch, to, Date.now());
  process.stdout.write(`${lines.map(lineText).join('\n')}\n`);
  const against = lines.filter(({ is }) => is !== 'yes').length;
  if (against > 0)
    throw new UserError(`${against} of ${lines.length} answers are no yes: do not upgrade to ${wanted} yet`);
});
