// Roles name what they are for, one by one: kustomize changes none of these names.

import type { IRole, IRoleBinding } from 'kubernetes-models/rbac.authorization.k8s.io/v1';
import type { IConfigMap } from 'kubernetes-models/v1';
import { type KubernetesObject, label } from '../objects.ts';
import { type RenderFinding, refusal, warning } from './finding.ts';
import { beside, type ElasticsearchSet, podNames, podSpecOf } from './parts.ts';

interface Named {
  readonly role: string;
  readonly names: readonly string[];
}

/** The Roles of an account. */
const rolesOf = (set: ElasticsearchSet, objects: readonly KubernetesObject[], account: string): KubernetesObject[] => {
  const bindings = beside(set, objects, 'RoleBinding')
    .map((binding): KubernetesObject & IRoleBinding => binding as KubernetesObject & IRoleBinding)
    .filter(({ subjects }) => subjects?.some(({ kind, name }) => kind === 'ServiceAccount' && name === account));
  const bound = new Set(bindings.map(({ roleRef }) => roleRef.name));
  return beside(set, objects, 'Role').filter(({ metadata }) => bound.has(metadata.name));
};

/** What they say by name about a resource. */
const namedIn = (roles: readonly KubernetesObject[], resource: string): Named[] =>
  roles.flatMap((role) =>
    ((role as KubernetesObject & IRole).rules ?? [])
      .filter(({ resources, resourceNames }) => resourceNames !== undefined && resources?.includes(resource) === true)
      .map(({ resourceNames }) => ({ role: label(role), names: resourceNames ?? [] })),
  );

const ownRoles = (set: ElasticsearchSet, objects: readonly KubernetesObject[]): KubernetesObject[] =>
  rolesOf(set, objects, podSpecOf(set).serviceAccountName ?? '');

/** A set under another name could not ask about itself: its nodes would wait at each stop until their time is over. */
const nameFindings = (set: ElasticsearchSet, objects: readonly KubernetesObject[]): RenderFinding[] =>
  namedIn(ownRoles(set, objects), 'statefulsets')
    .filter(({ names }) => !names.includes(set.metadata.name))
    .map(({ role, names }) =>
      refusal(
        `${label(set)} has another name than ${role} gives rights to (${names.join(', ')}): a name prefix, suffix or ` +
          'another name is not supported, since rights, certificates and scripts name what they are for. ' +
          'Use a namespace',
      ),
    );

const podFindings = (set: ElasticsearchSet, objects: readonly KubernetesObject[]): RenderFinding[] =>
  namedIn(ownRoles(set, objects), 'pods').flatMap(({ role, names }) => {
    const missing = podNames(set).filter((name) => !names.includes(name));
    return missing.length === 0
      ? []
      : [
          warning(
            `${role} does not name ${missing.join(', ')}: there a stop that is cut short is not noticed. ` +
              'Add them to its resourceNames by a patch',
          ),
        ];
  });

/** The names of the first column of users.txt, and of tables beside it: each has a Secret that `credentials` makes. */
const usersIn = (map: KubernetesObject & IConfigMap): { readonly file: string; readonly user: string }[] =>
  Object.entries(map.data ?? {})
    .filter(([file]) => /^users(?:-.*)?\.txt$/.test(file))
    .flatMap(([file, text]) => text.split('\n').map((line) => ({ file, user: line.trim().split(/\s+/)[0] ?? '' })))
    .filter(({ user }) => user !== '' && !user.startsWith('#'));

const userFindings = (set: ElasticsearchSet, objects: readonly KubernetesObject[]): RenderFinding[] => {
  const secrets = new Set(namedIn(rolesOf(set, objects, 'credentials'), 'secrets').flatMap(({ names }) => names));
  return beside(set, objects, 'ConfigMap').flatMap((map) =>
    usersIn(map as KubernetesObject & IConfigMap)
      .map(({ file, user }) => ({ file, secret: `elasticsearch-user-${user}` }))
      .filter(({ secret }) => !secrets.has(secret))
      .map(({ file, secret }) =>
        refusal(
          `${file} of ${label(map)} names a user whose Secret ${secret} no Role allows to make: ` +
            'add it to resourceNames of Role credentials',
        ),
      ),
  );
};

export const rightsFindings = (set: ElasticsearchSet, objects: readonly KubernetesObject[]): RenderFinding[] => [
  ...nameFindings(set, objects),
  ...podFindings(set, objects),
  ...userFindings(set, objects),
];
