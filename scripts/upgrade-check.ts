// Looks at all that an upgrade of Elasticsearch needs, one yes or no a line; changes nothing:
// tsx scripts/upgrade-check.ts OVERLAY VERSION

import { standingOf } from './lib/check/standing.ts';
import { command, progress, UserError } from './lib/cli.ts';
import { elasticsearchIn } from './lib/cluster/elasticsearch.ts';
import { currentContext } from './lib/cluster/kubectl.ts';
import { isReady } from './lib/cluster/snapshot.ts';
import { isNode, targetOf } from './lib/cluster/target.ts';
import { gather } from './lib/questions/gather.ts';
import { upgradeVerdicts } from './lib/questions/of-upgrade.ts';
import { targetIn } from './lib/questions/upgrade-path.ts';
import { isYes, lineOf } from './lib/questions/verdict.ts';
import { renderOverlay } from './lib/render/prepare.ts';

command(async () => {
  const [, , overlay, wanted = ''] = process.argv;
  const to = targetIn(wanted);
  const { objects } = await renderOverlay(overlay);
  const target = targetOf(objects);
  progress(`Context ${await currentContext()}, namespace ${target.namespace}`);
  const standing = await standingOf(target);
  const { statefulSet } = standing;
  if (statefulSet === undefined) throw new UserError('the cluster has no StatefulSet of this overlay: nothing runs');
  const pod = standing.pods.find((one) => isNode(target)(one) && isReady(one))?.metadata?.name;
  const facts = await gather(objects, target, { ...standing, statefulSet });
  const verdicts = await upgradeVerdicts(facts, elasticsearchIn(target.namespace, pod), to);
  process.stdout.write(`${verdicts.map(lineOf).join('\n')}\n`);
  const against = verdicts.filter((verdict) => !isYes(verdict)).length;
  if (against > 0)
    throw new UserError(`${against} of ${verdicts.length} answers are no yes: do not upgrade to ${wanted} yet`);
});
