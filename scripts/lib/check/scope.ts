// Which of the rendered objects belong to the whole cluster: the API server is asked, as a list of known kinds would
// miss what an operator brings.
import { UserError } from '../cli.ts';
import { kubectl } from '../cluster/kubectl.ts';
import type { KubernetesObject } from '../objects.ts';

type Scope = 'namespaced' | 'cluster-wide' | 'not served';
export type ScopeOf = (object: KubernetesObject) => Scope;

interface ApiResourceList {
  readonly resources: readonly { readonly name: string; readonly kind: string; readonly namespaced: boolean }[];
}

const isList = (value: unknown): value is ApiResourceList =>
  typeof value === 'object' && value !== null && 'resources' in value && Array.isArray(value.resources);

/**
 * `undefined`: the API server says that it has no such version. Any other failure is an error, since it says nothing
 * about the kind.
 */
const resourcesOf = async (apiVersion: string): Promise<ApiResourceList['resources'] | undefined> => {
  const path = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const { code, stdout, stderr } = await kubectl(['get', '--raw', path]);
  if (code !== 0 && /\(NotFound\)|could not find the requested resource/.test(stderr)) return undefined;
  if (code !== 0) throw new UserError(`the kinds of ${apiVersion} can't be found out:\n${stderr.trim()}`);
  const answer: unknown = JSON.parse(stdout);
  if (!isList(answer))
    throw new UserError(`the kinds of ${apiVersion} can't be found out: the API server's answer is no list`);
  return answer.resources;
};

export const scopesOf = async (objects: readonly KubernetesObject[]): Promise<ScopeOf> => {
  const scopes = new Map<string, Scope>();
  for (const apiVersion of new Set(objects.map((object) => object.apiVersion)))
    for (const { name, kind, namespaced } of (await resourcesOf(apiVersion)) ?? [])
      if (!name.includes('/')) scopes.set(`${apiVersion} ${kind}`, namespaced ? 'namespaced' : 'cluster-wide');
  return ({ apiVersion, kind }) => scopes.get(`${apiVersion} ${kind}`) ?? 'not served';
};
