// A checkout to which a user has added all overlays of this folder, and what the tests look at in a render.
import { cpSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { IContainer } from 'kubernetes-models/v1';
import { isElasticsearch, isStatefulSet } from '../../scripts/lib/objects.ts';
import type { Rendered } from '../../scripts/lib/render/render.ts';
import { copyOfCheckout } from '../render/harness.ts';

export const caseNames = (): string[] => readdirSync(join(__dirname, 'overlays'));

export const checkoutWithCases = (): ReturnType<typeof copyOfCheckout> => {
  const checkout = copyOfCheckout();
  for (const part of ['overlays', 'monitoring'])
    cpSync(join(__dirname, part), join(checkout.copy, part), { recursive: true });
  return checkout;
};

export const setOf = ({ objects }: Rendered) => {
  const set = objects.filter(isStatefulSet).find(isElasticsearch);
  if (set === undefined) throw new Error('no StatefulSet of Elasticsearch');
  return set;
};
export const podOf = (rendered: Rendered) => setOf(rendered).spec?.template.spec ?? { containers: [] as IContainer[] };
export const heapOf = (rendered: Rendered): string | undefined =>
  podOf(rendered)
    .initContainers?.find(({ name }) => name === 'agent')
    ?.env?.find(({ name }) => name === 'HEAP_SIZE')?.value;
