// Secrets through the API server, each by its name (../rights.yaml). Everything is read at once when a look begins, so
// that a server that is slow costs one wait and not one for each; what is written since is known from the answer.

import type { Answer } from '../../lib/answer.ts';
import { type ApiServerCalls, inside, named } from '../../lib/api-server.ts';
import { type Reply, understood } from '../../lib/http.ts';
import { field, list, text, texts } from '../../lib/json.ts';
import { read } from '../../lib/read.ts';
import type { Formed, Report, Secrets } from './ports.ts';
import { type Found, PREFIX, requestOf, type Secret } from './secret.ts';
import { moment } from './time.ts';

const MARKER = 'elasticsearch-formed';
const MANAGER = 'credentials';

const secretNamed =
  (name: string) =>
  (value: unknown): Secret => {
    const found = named(value, 'Secret', name);
    const metadata = inside(found, 'metadata');
    const annotations = Object.entries(texts(inside(metadata, 'annotations'), 'metadata.annotations'));
    const notes = annotations.filter(([key]) => key.startsWith(PREFIX));
    return {
      name,
      version: text(field(metadata, 'resourceVersion'), 'metadata.resourceVersion'),
      data: texts(inside(found, 'data'), 'data'),
      notes: Object.fromEntries(notes.map(([key, note]) => [key.slice(PREFIX.length), note])),
      hasOwner: list(field(metadata, 'ownerReferences') ?? [], 'metadata.ownerReferences').length > 0,
    };
  };

const markerOf = (value: unknown): { readonly superuserStored: boolean } => ({
  superuserStored: field(inside(named(value, 'ConfigMap', MARKER), 'data'), 'superuser_stored') !== undefined,
});

export interface Cluster {
  readonly secrets: Secrets;
  readonly formed: Formed;
}

export const readCluster = async (
  { get, apply, merge }: ApiServerCalls,
  { namespace, podName }: { readonly namespace: string; readonly podName: string },
  names: readonly string[],
  report: Report,
  now: () => number,
): Promise<Cluster> => {
  const secrets = new Map<string, Found>();
  const pathOf = (name: string): string => `/api/v1/namespaces/${namespace}/secrets/${name}`;
  const markerPath = `/api/v1/namespaces/${namespace}/configmaps/${MARKER}`;

  const fault = (what: string, answer: Answer<unknown> & { readonly ok: false }): 'unknown' => {
    // 401 is another fault: the API server does not know the token, whatever the Role says.
    const hint = answer.detail.includes(': HTTP 403') ? ' (does the Role credentials name it?)' : '';
    report.failed(what, `${what}: ${answer.detail}${hint}`);
    return 'unknown';
  };
  const found = <Value>(what: string, answer: Answer<Value>): Value | 'absent' | 'unknown' => {
    if (answer.ok) return answer.value;
    return answer.trouble === 'absent' ? 'absent' : fault(`cannot read ${what}`, answer);
  };
  const readSecret = async (name: string): Promise<Found> => {
    const secret = found(`Secret ${name}`, await get(pathOf(name), secretNamed(name)));
    secrets.set(name, secret);
    return secret;
  };
  const written = (name: string, reply: Answer<Reply>): Answer<Secret> => {
    const asked = `PATCH ${pathOf(name)}`;
    const answer = reply.ok ? read(asked, understood(asked, reply.value), secretNamed(name)) : reply;
    if (answer.ok) secrets.set(name, answer.value);
    return answer;
  };

  const [marker] = await Promise.all([
    get(markerPath, markerOf).then((answer) => found(`ConfigMap ${MARKER}`, answer)),
    ...names.map(readSecret),
  ]);
  return {
    secrets: {
      known: (name) => secrets.get(name) ?? 'unknown',
      make: async (name, change) => {
        // Without force and under this pod's own name: what another made is a conflict, our own write whose answer was
        // lost is not.
        const answer = written(name, await apply(pathOf(name), podName, requestOf(name, change)));
        const isOther = !answer.ok && answer.trouble === 'conflict';
        if (!answer.ok && !isOther) return fault(`cannot make Secret ${name}`, answer);
        report.done(isOther ? `Secret ${name} was made by another meanwhile` : `made Secret ${name}`);
        return answer.ok ? answer.value : readSecret(name);
      },
      change: async (before, change) => {
        const { name } = before;
        const answer = written(name, await merge(pathOf(name), MANAGER, requestOf(name, change, before)));
        if (answer.ok) return answer.value;
        fault(`did not change Secret ${name}`, answer);
        return undefined;
      },
    },
    formed: {
      marker: () => marker,
      noteSuperuserStored: async () => {
        // A patch makes none: only where it is there.
        const answer = await merge(markerPath, MANAGER, { data: { superuser_stored: moment(now()) } });
        if (answer.ok) report.done('the password of elastic is stored in the cluster');
        else fault('cannot note that the password of elastic is stored', answer);
        return answer.ok;
      },
    },
  };
};
