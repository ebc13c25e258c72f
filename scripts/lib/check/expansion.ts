// Larger disks: what is to be done, and what stands against it. Kubernetes lets claims grow, where their class allows
// it, and lets no claim template of a StatefulSet change: so the claims are changed, and the StatefulSet is made anew.
// https://kubernetes.io/docs/concepts/storage/persistent-volumes/#expanding-persistent-volumes-claims
import type { IStatefulSet } from 'kubernetes-models/apps/v1';
import type { IStorageClass } from 'kubernetes-models/storage.k8s.io/v1';
import { quantityOf } from '../quantity.ts';
import type { NodeClaim } from './claims.ts';
import { type Finding, ok, warning } from './finding.ts';

type Template = NonNullable<NonNullable<IStatefulSet['spec']>['volumeClaimTemplates']>[number];

interface Growth {
  readonly claim: string;
  readonly from: string;
  readonly to: string;
}

export interface Expansion {
  /** Why nothing may be changed. */
  readonly refusals: readonly string[];
  /** Claims that still ask for less. */
  readonly grow: readonly Growth[];
  /** The size that each claim of a node is to have in the end. */
  readonly sizes: ReadonlyMap<string, string>;
  /** The StatefulSet of the cluster has other templates, or there is none any more: an earlier run took it away. */
  readonly replaces: boolean;
}

const sizeOf = ({ spec }: Pick<Template, 'spec'>): string => String(spec?.resources?.requests?.['storage'] ?? '');

const templatesOf = (set: IStatefulSet | undefined): ReadonlyMap<string, Template> =>
  new Map((set?.spec?.volumeClaimTemplates ?? []).map((template) => [template.metadata?.name ?? '', template]));

/** By the name of the claim, which begins with its template's. */
const templateName = ({ name, ordinal }: NodeClaim, set: string): string =>
  name.slice(0, Math.max(0, name.length - `-${set}-${ordinal}`.length));

const smaller = (what: string, has: string, wanted: string): string[] =>
  quantityOf(has) > quantityOf(wanted)
    ? [`${what} has ${has}, and the overlay says ${wanted}: Kubernetes makes no claim smaller. New nodes may have less`]
    : [];

/** Templates that differ in more than their size are no matter of this. */
const otherTemplates = (rendered: ReadonlyMap<string, Template>, live: ReadonlyMap<string, Template>): string[] =>
  [...new Set([...rendered.keys(), ...live.keys()])].flatMap((name) => {
    const [wanted, has] = [rendered.get(name), live.get(name)];
    if (wanted === undefined || has === undefined)
      return [`claim template ${name} is only in ${has === undefined ? 'the overlay' : 'the cluster'}`];
    const unlike = (['storageClassName', 'accessModes', 'volumeMode'] as const).filter((key) => {
      const value = wanted.spec?.[key];
      return value !== undefined && JSON.stringify(value) !== JSON.stringify(has.spec?.[key]);
    });
    return unlike.map((key) => `${key} of claim template ${name} differs: no claim can be changed to that`);
  });

const againstGrowth = ({ name, claim }: NodeClaim, classes: readonly IStorageClass[]): string[] => {
  if (claim.status?.phase !== 'Bound') return [`claim ${name} has no volume yet: only one that is bound can grow`];
  const wanted = claim.spec?.storageClassName ?? '';
  const found = classes.find(({ metadata }) => metadata?.name === wanted);
  if (found === undefined)
    return [`claim ${name} is of the class "${wanted}", which the cluster does not have: nobody can make it larger`];
  return found.allowVolumeExpansion === true
    ? []
    : [
        `claim ${name} is of the class ${wanted}, which does not allow it (allowVolumeExpansion). ` +
          'If its driver can, say so there; else move to nodes with larger claims of another class',
      ];
};

/** `claims`: those of nodes that are wanted. */
export const expansionOf = (
  rendered: IStatefulSet,
  live: IStatefulSet | undefined,
  claims: readonly NodeClaim[],
  classes: readonly IStorageClass[],
): Expansion => {
  const set = rendered.metadata?.name ?? '';
  const [wanted, has] = [templatesOf(rendered), templatesOf(live)];
  const refusals = [
    ...(claims.length === 0
      ? ['there is no claim of a node: `make deploy` makes them as large as the overlay says']
      : []),
    ...[...wanted].flatMap(([name, template]) =>
      quantityOf(sizeOf(template)) > 0 ? [] : [`claim template ${name} of the overlay has no size`],
    ),
    ...(live === undefined ? [] : otherTemplates(wanted, has)),
    ...[...has].flatMap(([name, template]) =>
      smaller(`claim template ${name} of the cluster`, sizeOf(template), sizeOf(wanted.get(name) ?? template)),
    ),
  ];
  const grow: Growth[] = [];
  const sizes = new Map<string, string>();
  for (const one of claims) {
    const template = wanted.get(templateName(one, set));
    if (template === undefined) {
      refusals.push(`the overlay has no template for claim ${one.name}`);
      continue;
    }
    const [from, to] = [sizeOf({ spec: one.claim.spec ?? {} }), sizeOf(template)];
    sizes.set(one.name, to);
    refusals.push(...smaller(`claim ${one.name}`, from, to));
    if (quantityOf(from) < quantityOf(to)) {
      grow.push({ claim: one.name, from, to });
      refusals.push(...againstGrowth(one, classes));
    }
  }
  const replaces =
    live === undefined ||
    [...wanted].some(([name, template]) => quantityOf(sizeOf(template)) !== quantityOf(sizeOf(has.get(name) ?? {})));
  return { refusals: [...new Set(refusals)], grow, sizes, replaces };
};

/** Those whose volume, and the file system on it, is not as large yet. */
export const stillSmall = (claims: readonly NodeClaim[], sizes: ReadonlyMap<string, string>): readonly NodeClaim[] =>
  claims.filter(({ name, claim }) => {
    const wanted = sizes.get(name);
    const has = quantityOf(String(claim.status?.capacity?.['storage'] ?? 0));
    return wanted !== undefined && !(has >= quantityOf(wanted));
  });

/** What the volume waits for, by the words that Kubernetes has for it. */
export const waitsFor = ({ name, claim }: NodeClaim): string => {
  const conditions = (claim.status?.conditions ?? []).filter(({ status }) => status === 'True');
  const why = conditions.map(({ type, message }) => (message === undefined ? type : `${type} (${message})`)).join(', ');
  return `${name} has ${String(claim.status?.capacity?.['storage'] ?? '?')}${why === '' ? '' : `: ${why}`}`;
};

/** Before a deploy, which could not change a template and would fail in its middle. */
export const templateFindings = (rendered: IStatefulSet, live: IStatefulSet | undefined): Finding[] => {
  if (live === undefined) return [];
  const has = templatesOf(live);
  return [...templatesOf(rendered)].flatMap(([name, template]): Finding[] => {
    const there = has.get(name);
    if (there === undefined) return [];
    const [from, to] = [sizeOf(there), sizeOf(template)];
    const message = `claim template ${name} has ${from} in the cluster, and ${to} in the overlay: `;
    if (quantityOf(to) > quantityOf(from))
      return [{ level: 'error', message: `${message}run \`make expand-storage\` with this overlay first` }];
    return quantityOf(to) < quantityOf(from)
      ? [{ level: 'error', message: `${message}Kubernetes makes no claim smaller. Write ${from} into the overlay` }]
      : [];
  });
};

/** Claims that a StatefulSet which was made anew found smaller than its templates. */
export const claimFindings = (rendered: IStatefulSet, claims: readonly NodeClaim[]): Finding[] => {
  const wanted = templatesOf(rendered);
  const small = claims.filter((one) => {
    const template = wanted.get(templateName(one, rendered.metadata?.name ?? ''));
    return template !== undefined && quantityOf(sizeOf({ spec: one.claim.spec ?? {} })) < quantityOf(sizeOf(template));
  });
  if (claims.length === 0) return [];
  return small.length === 0
    ? [ok('claims are as large as the overlay says')]
    : [
        warning(
          `${small.map(({ name }) => name).join(', ')}: smaller than the overlay says. ` +
            '`make expand-storage` makes them larger',
        ),
      ];
};
