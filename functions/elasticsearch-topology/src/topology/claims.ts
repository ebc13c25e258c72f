import type { IStatefulSet } from 'kubernetes-models/apps/v1';
import { isMap, type Json } from '../yaml/json.ts';
import type { Change } from './change.ts';
import { parseQuantity } from './quantity.ts';
import type { Problem } from './schema-check.ts';

const PATH = ['spec', 'volumeClaimTemplates'];

const templates = ({ spec }: IStatefulSet) => spec?.volumeClaimTemplates ?? [];

/** Kubernetes takes a StatefulSet with any claim, and then refuses its pods in events that nobody sees. */
export function claims(set: IStatefulSet): Problem[] {
  return templates(set).flatMap(({ metadata, spec }, i) => {
    const storage: unknown = spec?.resources?.requests?.storage;
    const fields: [boolean, string[], unknown, string][] = [
      [metadata?.name !== undefined, ['metadata', 'name'], undefined, 'be given: containers mount it by that'],
      [(spec?.accessModes ?? []).length > 0, ['spec', 'accessModes'], spec?.accessModes, 'name one, as ReadWriteOnce'],
      [
        (parseQuantity(storage) ?? 0n) > 0n,
        ['spec', 'resources', 'requests', 'storage'],
        storage,
        'be a size such as 10Gi',
      ],
    ];
    return fields.flatMap(([isFine, path, found, must]) =>
      isFine ? [] : [{ path: [...PATH, i, ...path], must, found }],
    );
  });
}

/** What the API server fills in: it compares the list as a whole, so that a tool would see a difference for ever. */
const FILLED: readonly [readonly string[], Json][] = [
  [['apiVersion'], 'v1'],
  [['kind'], 'PersistentVolumeClaim'],
  [['spec', 'volumeMode'], 'Filesystem'],
  [['status'], { phase: 'Pending' }],
];

export function filledClaims(set: IStatefulSet): Change[] {
  return templates(set).flatMap((template, i) =>
    FILLED.filter(
      ([path]) => (path.reduce<unknown>((at, step) => (isMap(at) ? at[step] : undefined), template) ?? null) === null,
    ).map(([path, value]) => ({ path: [...PATH, i, ...path], value, why: 'what the API server fills in' })),
  );
}
