// `make doctor`, of the manifests under test: what it says about the cluster that runs.
import { standingOf } from '../../../scripts/lib/check/standing.ts';
import { targetOf } from '../../../scripts/lib/cluster/target.ts';
import { gather, grantsOf } from '../../../scripts/lib/questions/gather.ts';
import { verdictsOf } from '../../../scripts/lib/questions/of-doctor.ts';
import { isYes, type Verdict } from '../../../scripts/lib/questions/verdict.ts';
import { renderVariant, type Variant } from './render.ts';
import { until } from './until.ts';

/** All that has no "yes". */
const complaints = async (variant: Variant): Promise<readonly Verdict[]> => {
  const { objects } = await renderVariant(variant);
  const target = targetOf(objects);
  const standing = await standingOf(target);
  const { statefulSet } = standing;
  if (statefulSet === undefined) throw new Error('there is no StatefulSet that a doctor could look at');
  const facts = await gather(objects, target, { ...standing, statefulSet });
  return verdictsOf(facts, await grantsOf(facts.nodes)).filter((verdict) => !isYes(verdict));
};

/** Until exactly these questions have no "yes"; what was said of them. */
export const untilComplaints = (
  variant: Variant,
  about: readonly string[],
  seconds = 60,
): Promise<readonly Verdict[]> =>
  until(`a doctor who complains of ${about.join(', ') || 'nothing'}`, { seconds, every: 3 }, async () => {
    const found = await complaints(variant);
    if (JSON.stringify(found.map((one) => one.about).sort()) === JSON.stringify([...about].sort())) return found;
    throw new Error(JSON.stringify(found));
  });
