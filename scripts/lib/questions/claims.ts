// Are the disks as large as the overlay says? A StatefulSet's own template of claims can't be changed by an apply, and
// changes no claim that is there.

import type { IStatefulSet } from 'kubernetes-models/apps/v1';
import type { NodeClaim } from '../check/claims.ts';
import { quantityOf } from '../quantity.ts';
import { unless, type Verdict } from './verdict.ts';

const SIZES = 'the disks are as large as the overlay says';

/** By the names of the templates. */
const sizesOf = ({ spec }: IStatefulSet): ReadonlyMap<string, string> =>
  new Map(
    (spec?.volumeClaimTemplates ?? []).map(({ metadata, spec: of }) => [
      metadata?.name ?? '',
      String(of?.resources?.requests?.['storage'] ?? ''),
    ]),
  );

const differ = (a: string, b: string): boolean => quantityOf(a) !== quantityOf(b);

export const sizesVerdict = (rendered: IStatefulSet, live: IStatefulSet, claims: readonly NodeClaim[]): Verdict => {
  const now = sizesOf(live);
  const against = [...sizesOf(rendered)].flatMap(([template, wanted]) => {
    const ofSet = now.get(template) ?? '';
    const ofClaims = claims
      .filter(({ name }) => name.startsWith(`${template}-${live.metadata?.name ?? ''}-`))
      .flatMap(({ name, claim }) => {
        const asked = String(claim.spec?.resources?.requests?.['storage'] ?? '');
        const has = String(claim.status?.capacity?.['storage'] ?? '');
        if (differ(asked, wanted)) return [`claim ${name} asks for ${asked || 'nothing'}`];
        // More than was asked for is what some storage gives.
        return quantityOf(has) >= quantityOf(wanted) ? [] : [`claim ${name} has ${has || 'no volume yet'}`];
      });
    const found = [...(differ(ofSet, wanted) ? [`the StatefulSet asks for ${ofSet || 'none'}`] : []), ...ofClaims];
    return found.length === 0 ? [] : [`the overlay asks for ${wanted} (${template}), but ${found.join(', ')}`];
  });
  return unless(SIZES, against, [...sizesOf(rendered).values()].join(', '));
};
