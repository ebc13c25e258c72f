// Looks at the cluster before a deployment and after it, and changes nothing: does the overlay fit, and does what runs
// already do well? tsx scripts/doctor.ts OVERLAY

import { checkCluster } from './lib/check/check.ts';
import { faultFindings } from './lib/check/known-faults.ts';
import { type Standing, standingOf } from './lib/check/standing.ts';
import { command, progress, UserError } from './lib/cli.ts';
import { currentContext } from './lib/cluster/kubectl.ts';
import { statusLines } from './lib/cluster/status-table.ts';
import { isNode, type Target, targetOf } from './lib/cluster/target.ts';
import type { KubernetesObject } from './lib/objects.ts';
import { gather, grantsOf } from './lib/questions/gather.ts';
import { type Known, look } from './lib/questions/known.ts';
import { verdictsOf } from './lib/questions/of-doctor.ts';
import { isYes, lineOf, no, notKnown, type Verdict } from './lib/questions/verdict.ts';
import { renderOverlay } from './lib/render/prepare.ts';

const say = (lines: readonly string[]): void => void process.stdout.write(lines.map((line) => `${line}\n`).join(''));

/** What runs already; nothing where nothing does. */
const examine = async (
  objects: readonly KubernetesObject[],
  target: Target,
  standing: Known<Standing>,
): Promise<readonly Verdict[]> => {
  if (!standing.known) return [notKnown('what runs already can be looked at', standing.why)];
  const { statefulSet, pods } = standing.value;
  if (statefulSet === undefined) {
    const left = pods.filter(isNode(target)).flatMap(({ metadata }) => metadata?.name ?? []);
    if (left.length > 0) return [no('the StatefulSet is there', `it is not, and ${left.join(', ')} still run: deploy`)];
    progress('\nNo StatefulSet is there yet, so nothing is asked about a cluster that runs');
    return [];
  }
  const facts = await gather(objects, target, { ...standing.value, statefulSet });
  const granted = await grantsOf(facts.nodes);
  if (facts.status.known) say(['', ...statusLines(facts.status.value)]);
  else progress(`The nodes could not be looked at: ${facts.status.why}`);
  return verdictsOf(facts, granted);
};

command(async () => {
  const { objects } = await renderOverlay(process.argv[2]);
  const target = targetOf(objects);
  progress(`Context ${await currentContext()}, namespace ${target.namespace}`);
  const standing = await look(() => standingOf(target));
  const findings = [
    ...(await checkCluster(objects, target)),
    ...faultFindings(target.statefulSet, standing.known ? standing.value : { pods: [] }),
  ];
  say(findings.map(({ level, message }) => `${level.padEnd(7)} ${message}`));
  const verdicts = await examine(objects, target, standing);
  if (verdicts.length > 0) say(['', ...verdicts.map(lineOf)]);
  const errors = findings.filter(({ level }) => level === 'error').length;
  const open = verdicts.filter((verdict) => !isYes(verdict)).length;
  const failed = [
    ...(errors > 0 ? [`${errors} of ${findings.length} checks say that this can't work`] : []),
    ...(open > 0 ? [`${open} of ${verdicts.length} questions about what runs have no "yes"`] : []),
  ];
  if (failed.length > 0) throw new UserError(failed.join('; '));
});
