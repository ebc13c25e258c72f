// Looks at what a rendered overlay has in common with the rest of the cluster; decides nothing.

import { UserError } from '../cli.ts';
import { getJson, kubectl, type List, reasonOf } from '../cluster/kubectl.ts';
import { type KubernetesObject, label } from '../objects.ts';
import type { Seen } from './belonging.ts';
import type { ScopeOf } from './scope.ts';
import { usageOf } from './users-of.ts';

/** The object as the cluster has it. An API server that does not say so is an error, not an absent object. */
export const liveOf = async (object: KubernetesObject): Promise<KubernetesObject | undefined> => {
  const { apiVersion, kind, metadata } = object;
  const { name, namespace } = metadata;
  const input = JSON.stringify({ apiVersion, kind, metadata: { name, namespace } });
  const { code, stdout, stderr } = await kubectl(['get', '--ignore-not-found', '-o', 'json', '-f', '-'], { input });
  if (code !== 0)
    throw new UserError(`${label(object)} can't be looked at, so nothing can be said about it: ${stderr.trim()}`);
  if (stdout.trim() === '') return undefined;
  // What is asked for in a file is answered with a list, also where it is one object.
  const answer = JSON.parse(stdout) as KubernetesObject & Partial<List<KubernetesObject>>;
  const [live] = answer.kind === 'List' ? (answer.items ?? []) : [answer];
  if (live === undefined) return undefined;
  if (live.kind !== kind || live.metadata.name !== name || live.metadata.namespace !== namespace)
    throw new UserError(`${label(object)} can't be looked at: kubectl answered with ${label(live)}`);
  return live;
};

const usersOf = async (
  live: KubernetesObject,
  namespace: string,
  objects: readonly KubernetesObject[],
  read: Read,
): Promise<Seen['users']> => {
  const usage = usageOf(live);
  if (usage === undefined) return { unknown: `what uses a ${live.kind} is not known to this command` };
  try {
    return usage.users(live, { namespace, objects }, await read(usage.reads));
  } catch (error) {
    return { unknown: reasonOf(error) };
  }
};

type Read = (resources: readonly string[]) => Promise<readonly KubernetesObject[]>;

/** Each list once. */
const reader = (): Read => {
  const known = new Map<string, Promise<readonly KubernetesObject[]>>();
  return (resources) => {
    const names = resources.join(',');
    if (names === '') return Promise.resolve([]);
    const list = known.get(names) ?? getJson<List<KubernetesObject>>([names, '-A']).then(({ items }) => items);
    known.set(names, list);
    return list;
  };
};

/** Every rendered object that is there for the whole cluster, but Namespaces. */
export const lookAround = async (
  objects: readonly KubernetesObject[],
  namespace: string,
  scopeOf: ScopeOf,
): Promise<Seen[]> => {
  const read = reader();
  const seen: Seen[] = [];
  for (const rendered of objects.filter(
    (object) => scopeOf(object) === 'cluster-wide' && object.kind !== 'Namespace',
  )) {
    // kustomize also gives a namespace to objects of an operator's kinds that have none in the cluster.
    const live = await liveOf({ ...rendered, metadata: { name: rendered.metadata.name } });
    seen.push({ rendered, live, users: live === undefined ? [] : await usersOf(live, namespace, objects, read) });
  }
  return seen;
};

/** Which of the names are namespaces of the cluster. */
export const existingNamespaces = async (names: readonly string[]): Promise<ReadonlySet<string>> => {
  const found = new Set<string>();
  for (const name of new Set(names)) {
    const there = await liveOf({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
    if (there !== undefined) found.add(name);
  }
  return found;
};
