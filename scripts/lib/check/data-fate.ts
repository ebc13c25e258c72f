// What happens to the claims when the StatefulSet is removed, by what the cluster says and not by the overlay:
// Kubernetes deletes a claim with its owners. Where the two differ, whatever undeploy says about the data would be a
// lie, so it refuses. Pure decisions; in doubt the answer is no.
import type { IStatefulSet } from 'kubernetes-models/apps/v1';
import type { IPod } from 'kubernetes-models/v1';
import { type NodeClaim, namesOf, podOrdinal } from './claims.ts';
import { retentionOf } from './retention.ts';

export interface Removal {
  readonly namespace: string;
  /** As the overlay has it. */
  readonly rendered: IStatefulSet;
  /** As the cluster has it; nothing where it does not. */
  readonly live: IStatefulSet | undefined;
  readonly claims: readonly NodeClaim[];
  readonly pods: readonly IPod[];
  /** Whether the namespace goes too, with all that is in it. */
  readonly deletesNamespace: boolean;
}

interface DataFate {
  readonly goes: readonly NodeClaim[];
  readonly stays: readonly NodeClaim[];
  /** Why nothing at all may be removed. */
  readonly refusals: readonly string[];
}

/** `goes` and `unknown` say why. */
type Fate = { readonly goes: string } | { readonly unknown: string } | 'stays';

const fateOf = ({ ordinal, claim }: NodeClaim, { rendered, live }: Removal): Fate => {
  if (claim.metadata?.deletionTimestamp !== undefined) return { goes: 'it is being deleted already' };
  const owners = claim.metadata?.ownerReferences ?? [];
  const set = rendered.metadata?.name ?? '';
  const names = owners.map(({ kind, name }) => `${kind} ${name}`);
  const others = owners.filter(
    ({ apiVersion, kind, name }) =>
      !(kind === 'StatefulSet' && apiVersion.startsWith('apps/') && name === set) &&
      !(kind === 'Pod' && apiVersion === 'v1' && name === `${set}-${ordinal}`),
  );
  if (others.length > 0) return { unknown: `it is owned by ${names.join(' and ')}, and not by its own node alone` };
  if (owners.length === 0) return 'stays';
  const gone = owners.some(({ kind, uid }) => kind === 'StatefulSet' && uid !== live?.metadata?.uid);
  return { goes: `it is owned by ${names.join(' and ')}${gone ? ', which is not there any more' : ''}` };
};

const takeOffOwner = (name: string, namespace: string): string =>
  `kubectl -n ${namespace} patch pvc ${name} --type=json -p '[{"op":"remove","path":"/metadata/ownerReferences"}]'`;

/** The overlay promises to keep it. */
const wouldGo = ({ name, ordinal, claim }: NodeClaim, why: string, { namespace, rendered, live }: Removal): string => {
  const says = `the overlay says whenDeleted: Retain, but claim ${name} would be deleted with its data: ${why}. `;
  const pod = `${rendered.metadata?.name ?? ''}-${ordinal}`;
  if (claim.metadata?.deletionTimestamp !== undefined)
    return live === undefined
      ? `${says}Wait until it is gone`
      : `${says}That can't be undone. Let its node make a new one, with what the other nodes have copies of: ` +
          `kubectl -n ${namespace} delete pod ${pod}`;
  if (live !== undefined && claim.metadata?.ownerReferences?.some(({ kind }) => kind === 'Pod'))
    return `${says}Its node is leaving for good: wait until it has moved its data away and its pod is gone`;
  return (
    `${says}Soon after the StatefulSet says Retain, Kubernetes takes the owner off by itself where the claim's pod ` +
    `is there; otherwise: ${takeOffOwner(name, namespace)}`
  );
};

/** The overlay promises to delete them, and nobody would. */
const wouldStay = (claims: readonly NodeClaim[], { namespace, live }: Removal): string =>
  `the overlay says whenDeleted: Delete, but in the cluster nothing owns ${namesOf(claims)}` +
  `${live === undefined ? ', and there is no StatefulSet' : ''}: Kubernetes would keep the data. ` +
  'To keep it, say Retain in the overlay; ' +
  `to delete it for ever: kubectl -n ${namespace} delete pvc ${claims.map(({ name }) => name).join(' ')}`;

/** Left by a StatefulSet that was deleted with --cascade=orphan: nobody would end them. */
const orphans = ({ rendered, pods }: Removal): string[] => {
  const set = rendered.metadata?.name ?? '';
  const left = pods
    .filter((pod) => podOrdinal(pod, set) !== undefined && pod.metadata?.deletionTimestamp === undefined)
    .map(({ metadata }) => metadata?.name ?? '');
  return left.length === 0
    ? []
    : [
        `there is no StatefulSet, so nothing would end ${left.join(', ')}: deploy the overlay first, which takes the ` +
          'pods over',
      ];
};

const difference = (removal: Removal): string[] => {
  const { namespace, rendered, live } = removal;
  if (live === undefined) return orphans(removal);
  const where = `StatefulSet ${namespace}/${rendered.metadata?.name ?? ''} in the cluster`;
  const overlay = retentionOf(rendered, 'the overlay').whenDeleted;
  const cluster = retentionOf(live, where).whenDeleted;
  if (overlay !== cluster)
    return [
      `the overlay says whenDeleted: ${overlay}, but ${where} says ${cluster}, and that is what happens to the data. ` +
        'Deploy the overlay first, so that the cluster says the same, or write into the overlay what the cluster says',
    ];
  if (overlay === 'Retain' && (live.spec?.volumeClaimTemplates ?? []).length === 0)
    return [
      `the overlay says whenDeleted: Retain, but ${where} has no claims: the data is in its pods, and goes with ` +
        'them. Say Delete in the overlay, and deploy it first',
    ];
  return [];
};

/**
 * UserError where a retention policy has a word that is not known. Without a StatefulSet the claims' owners are all
 * that the cluster says. With one that says Delete, a claim that it does not own goes with the namespace.
 */
export const dataFate = (removal: Removal): DataFate => {
  const { claims, live, deletesNamespace } = removal;
  const promise = retentionOf(removal.rendered, 'the overlay').whenDeleted;
  const goes: NodeClaim[] = [];
  const unowned: NodeClaim[] = [];
  const refusals = difference(removal);
  // Every claim would only say the same once more.
  if (live !== undefined && refusals.length > 0) return { goes, stays: unowned, refusals };
  for (const one of claims) {
    const fate = fateOf(one, removal);
    if (fate === 'stays') unowned.push(one);
    else if ('unknown' in fate)
      refusals.push(
        `what would happen to claim ${one.name} is not known: ${fate.unknown}. Take its other owners off, or remove ` +
          'it by hand',
      );
    else if (promise === 'Retain') refusals.push(wouldGo(one, fate.goes, removal));
    else goes.push(one);
  }
  if (promise === 'Retain' || unowned.length === 0) return { goes, stays: unowned, refusals };
  if (live !== undefined && deletesNamespace) return { goes: [...goes, ...unowned], stays: [], refusals };
  return { goes, stays: unowned, refusals: [...refusals, wouldStay(unowned, removal)] };
};
