import type { IStatefulSet } from 'kubernetes-models/apps/v1';
import type { Resources } from '../resource-list/list.ts';
import { isMap } from '../yaml/json.ts';
import type { Problem } from './schema-check.ts';
import { isLocal, mapIn } from './select.ts';

/** Kinds that people put into overlays, and of which the Kubernetes cluster has one object by each name. */
const KINDS = ['ClusterRole', 'ClusterRoleBinding', 'PriorityClass'];

interface Checked {
  readonly object: unknown;
  readonly problems: readonly Problem[];
}

/**
 * What is there for the whole Kubernetes cluster, and what of it could be another environment's as well: two overlays
 * with one name would change, and remove, each other's object. So a name ends in the namespace of a StatefulSet of this
 * list, and a binding of that name binds no account of another namespace.
 */
export function clusterWide(resources: Resources, { metadata }: IStatefulSet): Checked[] {
  const own = metadata?.namespace;
  if (typeof own !== 'string') return [];
  const namespaces = new Set(ofKind(resources, 'StatefulSet').map((set) => mapIn(set, 'metadata').namespace));
  return KINDS.flatMap((kind) => ofKind(resources, kind)).map((object) => {
    const { name: found } = mapIn(object, 'metadata');
    const environment = String(found).split('.').at(-1);
    const must =
      `end in .${own}, as another environment may have the same: name it so (components/zone-lookup/README.md has ` +
      'how), or apply it apart from the overlay';
    const problems =
      found !== environment && namespaces.has(environment)
        ? foreignSubjects(object, environment)
        : [{ path: ['metadata', 'name'], must, found }];
    return { object, problems };
  });
}

const ofKind = (resources: Resources, kind: string): Record<string, unknown>[] =>
  resources
    .find(kind, kind)
    .map(({ object }) => object)
    .filter(isMap)
    .filter((object) => object.kind === kind && !isLocal(object));

const foreignSubjects = ({ subjects }: Record<string, unknown>, environment: unknown): Problem[] =>
  (Array.isArray(subjects) ? subjects : []).flatMap((subject: unknown, i) => {
    const { namespace: found = environment } = isMap(subject) ? subject : {};
    return found === environment
      ? []
      : [{ path: ['subjects', i, 'namespace'], must: `be ${String(environment)}, as the binding's name says`, found }];
  });
