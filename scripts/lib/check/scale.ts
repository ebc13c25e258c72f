// What a deploy does to nodes and to claims that are there: who leaves, and whose old disk comes back. A pure reading
// of what stands in the cluster.
import type { IStatefulSet } from 'kubernetes-models/apps/v1';
import type { IPod } from 'kubernetes-models/v1';
import { type NodeClaim, namesOf, ordinalsOf, podOrdinal } from './claims.ts';
import { type Finding, ok, warning } from './finding.ts';
import { type Retention, retentionOf } from './retention.ts';
import type { Standing } from './standing.ts';

interface Change {
  readonly set: string;
  /** Ordinals of the nodes that the overlay wants, and of those that the cluster has. */
  readonly wanted: readonly number[];
  readonly now: readonly number[];
  readonly claims: readonly NodeClaim[];
  readonly says: Retention;
  /** Nothing where the cluster has no StatefulSet. */
  readonly said: Retention | undefined;
}

const without = (some: readonly number[], others: readonly number[]): number[] =>
  some.filter((ordinal) => !others.includes(ordinal));

const nodes = ({ set }: Change, ordinals: readonly number[]): string =>
  ordinals.map((ordinal) => `${set}-${ordinal}`).join(', ');

/** Kubernetes makes the pod of a node that leaves the owner of its claim, where the claim is to go with it. */
const isBeingDeleted = ({ claim }: NodeClaim): boolean =>
  claim.metadata?.deletionTimestamp !== undefined ||
  (claim.metadata?.ownerReferences ?? []).some(({ kind }) => kind === 'Pod');

const leaving = (change: Change): Finding[] => {
  const { wanted, now, claims, says, said } = change;
  const gone = without(now, wanted);
  if (gone.length === 0) return [];
  const theirs = claims.filter(({ ordinal }) => gone.includes(ordinal));
  const named = theirs.length === 0 ? 'there are none' : namesOf(theirs);
  const word =
    said !== undefined && said.whenScaled !== says.whenScaled
      ? `whenScaled: ${said.whenScaled} in the cluster, but ${says.whenScaled} as soon as the overlay is applied`
      : `whenScaled: ${says.whenScaled}`;
  const scale = `replicas go from ${now.length} to ${wanted.length}: ${nodes(change, gone)} leave for good`;
  if (wanted.length === 0 && says.whenScaled === 'Delete')
    return [
      {
        level: 'error',
        message: `${scale}, no other takes their data, and their claims (${named}) would be deleted (${word})`,
      },
    ];
  const data = wanted.length === 0 ? 'no other takes their data' : 'each moves its data to the others first';
  const fate =
    says.whenScaled === 'Delete'
      ? 'are then deleted'
      : 'then stay without a node: they take up storage, and a later scale-up finds them again';
  return [warning(`${scale}; ${data}. Their claims (${named}) ${fate} (${word})`)];
};

const coming = (change: Change): Finding[] => {
  const { wanted, now, claims } = change;
  const found = claims.filter(({ ordinal }) => without(wanted, now).includes(ordinal));
  const going = found.filter(isBeingDeleted);
  const there = found.filter((one) => !isBeingDeleted(one));
  const findings: Finding[] = [];
  if (going.length > 0)
    findings.push(
      warning(`${namesOf(going)}: being deleted. New nodes wait until that is done, and start with empty disks`),
    );
  if (there.length === 0) return findings;
  if (now.length > 0)
    return [
      ...findings,
      warning(
        `replicas go from ${now.length} to ${wanted.length}, and claims of new nodes are there already: ` +
          `${namesOf(there)}. Their nodes start with what is on them from before; where nothing of that is needed, ` +
          'delete the claims first, and they start with empty disks',
      ),
    ];
  const empty = without(
    wanted,
    there.map(({ ordinal }) => ordinal),
  );
  return [
    ...findings,
    warning(
      `no node runs, and claims of an earlier deploy are there: ${namesOf(there)}. The nodes go on with the data on ` +
        'them, and start only with the version of Elasticsearch that wrote it, or a newer one' +
        (empty.length === 0 ? '' : `; ${nodes(change, empty)} start with empty disks`),
    ),
  ];
};

/** Claims that no node takes: of the past where nodes run, a part of the cluster's data where none does. */
const leftOver = ({ wanted, now, claims }: Change): Finding[] => {
  const rest = claims.filter(({ ordinal }) => !wanted.includes(ordinal) && !now.includes(ordinal));
  if (rest.length === 0) return [];
  if (now.length > 0) return [ok(`claims that no node uses, from before: ${namesOf(rest)}`)];
  const needed = Math.max(...rest.map(({ ordinal }) => ordinal)) - (wanted[0] ?? 0) + 1;
  return [
    warning(
      `no node runs, and the overlay has no node for these claims of an earlier deploy: ${namesOf(rest)}. Data and ` +
        'votes that only they hold would be missing: deploy ' +
        (needed > 0 ? `with replicas: ${needed} first, then scale down` : 'the ordinals that they are of first'),
    ),
  ];
};

const policy = ({ says, said }: Change): Finding[] =>
  said === undefined
    ? []
    : (['whenDeleted', 'whenScaled'] as const)
        .filter((when) => said[when] === 'Retain' && says[when] === 'Delete')
        .map((when) =>
          warning(
            `${when} changes from Retain to Delete: from then on claims go, with their data, when ` +
              (when === 'whenDeleted' ? 'the StatefulSet is removed' : 'their node leaves in a scale-down'),
          ),
        );

/** A StatefulSet that was deleted with --cascade=orphan leaves its pods, and the next one takes them over. */
const ordinalsNow = (live: IStatefulSet | undefined, pods: readonly IPod[], set: string): number[] =>
  live !== undefined
    ? ordinalsOf(live)
    : pods
        .filter(({ metadata }) => metadata?.deletionTimestamp === undefined)
        .flatMap((pod) => podOrdinal(pod, set) ?? []);

/** UserError where a retention policy has a word that is not known. */
export const scaleFindings = (rendered: IStatefulSet, { statefulSet: live, claims, pods }: Standing): Finding[] => {
  const { name = '', namespace = '' } = rendered.metadata ?? {};
  const change: Change = {
    set: name,
    wanted: ordinalsOf(rendered),
    now: ordinalsNow(live, pods, name),
    claims,
    says: retentionOf(rendered, 'the overlay'),
    said: live === undefined ? undefined : retentionOf(live, `StatefulSet ${namespace}/${name} in the cluster`),
  };
  const findings = [...leaving(change), ...coming(change), ...leftOver(change), ...policy(change)];
  return findings.length > 0 ? findings : [ok('no node leaves, and no claim from before is taken')];
};
