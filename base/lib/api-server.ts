// The API server, as the service account of this pod.

import { join } from 'node:path';
import { type Answer, bad } from './answer.ts';
import { type Environment, port } from './environment.ts';
import { accepted, exchange, type Reply, understood } from './http.ts';
import { field, type JsonObject, Misshapen, object } from './json.ts';
import { readTogether } from './mounted.ts';
import { read } from './read.ts';

export interface ApiServer {
  readonly host: string;
  readonly port: number;
}

/** Set by the kubelet in every container; undefined where there is none. */
export const readApiServer = (environment: Environment): ApiServer | undefined => {
  const host = environment['KUBERNETES_SERVICE_HOST'] ?? '';
  return host === '' ? undefined : { host, port: port(environment, 'KUBERNETES_SERVICE_PORT', '') };
};

export interface Account {
  /** Undefined: then it is one that never answers. */
  readonly apiServer: ApiServer | undefined;
  /** Where token and ca.crt are mounted. */
  readonly folder: string;
  /** For one whole call; asked for at each, since what is left of a longer work may be less. */
  readonly seconds: () => number;
  /** Bytes of an answer; what is larger is not understood. */
  readonly largestAnswer?: number;
}

export type Parse<Value> = (value: unknown) => Value;

export interface ApiServerCalls {
  readonly get: <Value>(path: string, parse: Parse<Value>) => Promise<Answer<Value>>;
  /**
   * A server-side apply: authorized by name also where it creates. "conflict" where fields belong to another manager,
   * unless forced.
   */
  readonly apply: (path: string, manager: string, content: object, force?: boolean) => Promise<Answer<Reply>>;
  /** A merge patch of what exists; "conflict" where `content` names a resourceVersion that is not the last. */
  readonly merge: (path: string, manager: string, content: object) => Promise<Answer<Reply>>;
}

// JSON is YAML, and all API servers know apply by this name.
type PatchType = 'application/apply-patch+yaml' | 'application/merge-patch+json';

export const apiServerCalls = (account: Account): ApiServerCalls => {
  const patch = async (path: string, query: string, type: PatchType, content: object): Promise<Answer<Reply>> => {
    const reply = await send(account, 'PATCH', `${path}?${query}`, { type, text: JSON.stringify(content) });
    if (!reply.ok) return reply;
    const done = accepted(`PATCH ${path}`, reply.value);
    return done.ok ? reply : done;
  };
  const by = (manager: string): string => `fieldManager=${encodeURIComponent(manager)}`;
  return {
    get: async (path, parse) => {
      const reply = await send(account, 'GET', path);
      return reply.ok ? read(`GET ${path}`, understood(`GET ${path}`, reply.value), parse) : reply;
    },
    apply: (path, manager, content, force = false) =>
      patch(path, `${by(manager)}${force ? '&force=true' : ''}`, 'application/apply-patch+yaml', content),
    merge: (path, manager, content) => patch(path, by(manager), 'application/merge-patch+json', content),
  };
};

async function send(
  { apiServer, folder, seconds, largestAnswer }: Account,
  method: 'GET' | 'PATCH',
  path: string,
  body?: { readonly type: PatchType; readonly text: string },
): Promise<Answer<Reply>> {
  // As a token that is missing: not for a moment, so nobody waits for it.
  if (apiServer === undefined) return bad('forbidden', `${method} ${path}: KUBERNETES_SERVICE_HOST is not set`);
  let token: string | undefined;
  let authority: string | undefined;
  try {
    // Anew at each call: the kubelet renews the token.
    [token, authority] = await readTogether(folder, 'token', 'ca.crt');
  } catch {
    return bad('forbidden', `${method} ${path}: no token in ${join(folder, 'token')}`);
  }
  const question = {
    method,
    ...apiServer,
    path,
    headers: {
      authorization: `Bearer ${token ?? ''}`,
      accept: 'application/json',
      ...(body === undefined ? {} : { 'content-type': body.type }),
    },
    ...(body === undefined ? {} : { body: body.text }),
    authority: authority ?? '',
    seconds: seconds(),
  };
  return exchange(question, largestAnswer);
}

/** An object of the API, if it is the one that was asked for. */
export const named = (value: unknown, kind: string, name: string): JsonObject => {
  const found = object(value, 'the answer');
  const metadata = object(field(found, 'metadata'), 'metadata');
  if (field(found, 'kind') !== kind || field(metadata, 'name') !== name)
    throw new Misshapen(`the answer is not about ${kind} ${name}`);
  return found;
};

/** An object's field that is an object, empty where it is missing: the API leaves empty ones out. */
export const inside = (value: JsonObject, key: string): JsonObject => object(field(value, key) ?? {}, key);
