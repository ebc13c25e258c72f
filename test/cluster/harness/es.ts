// Elasticsearch as seen from inside one of its pods: works also while the Service has no address.
import { elasticsearchPods, exec, getJson, type Pod } from './kube.ts';
import { isOutOfReach } from './lab.ts';

export interface EsAnswer {
  readonly status: number;
  readonly body: string;
  readonly from: string;
}

export interface EsOptions {
  /** The pod that is asked; any that answers where nothing is said. */
  readonly pod?: string;
  readonly body?: unknown;
  readonly seconds?: number;
  /** The superuser where nothing is said. A node outside of the cluster does not know it: its password lives inside. */
  readonly user?: 'elastic' | 'operations';
}

// The password comes in on the first line of the input, so that it stands in no list of processes.
const script = `
read -r password
exec curl -sS -m "$3" -X "$1" "https://localhost:9200$2" --cacert config/certificates/ca.crt -w '\\n%{http_code}' \\
  -H @<(printf 'Authorization: Basic %s' "$(printf '%s:%s' "$4" "$password" | base64 -w0)") \\
  -H 'Content-Type: application/json' \${5:+--data-binary @-}`;

const passwords = new Map<string, string>();

/** A rotation gives the users new ones. */
const passwordOf = async (namespace: string, user: string, { anew = false } = {}): Promise<string> => {
  const key = `${namespace}/${user}`;
  const known = anew ? undefined : passwords.get(key);
  if (known !== undefined) return known;
  const path = ['-n', namespace, 'secret', `elasticsearch-user-${user}`];
  const { data } = await getJson<{ data: Record<string, string> }>(path);
  const now = Buffer.from(data['password'] ?? '', 'base64').toString('utf8');
  passwords.set(key, now);
  return now;
};

const ask = async (
  namespace: string,
  name: string,
  method: string,
  path: string,
  { body, seconds = 15, user = 'elastic' }: EsOptions,
  anew = false,
): Promise<EsAnswer> => {
  const text = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body);
  const words = [method, path, String(seconds), user, ...(body === undefined ? [] : ['body'])];
  const input = `${await passwordOf(namespace, user, { anew })}\n${text}`;
  const done = await exec(namespace, name, ['bash', '-c', script, 'es', ...words], { seconds: seconds + 5, input });
  const split = done.stdout.lastIndexOf('\n');
  const status = Number(done.stdout.slice(split + 1));
  if (done.code !== 0 || !(status > 0))
    throw new Error(`${name} does not answer ${method} ${path}: ${done.stderr.trim() || `code ${done.code}`}`);
  if (status === 401 && !anew) return ask(namespace, name, method, path, { body, seconds, user }, true);
  return { status, body: done.stdout.slice(0, Math.max(0, split)), from: name };
};

const likely = (pod: Pod): number => (pod.ready ? 0 : 2) + (pod.leaving ? 1 : 0);

export const es = async (
  namespace: string,
  method: string,
  path: string,
  options: EsOptions = {},
): Promise<EsAnswer> => {
  const { pod, seconds = 15 } = options;
  if (pod !== undefined) return ask(namespace, pod, method, path, options);
  const candidates = (await elasticsearchPods(namespace)).filter(
    ({ phase, node }) => phase === 'Running' && !isOutOfReach(node),
  );
  let last: unknown = new Error(`no Elasticsearch pod runs in ${namespace}`);
  for (const candidate of candidates.sort((a, b) => likely(a) - likely(b))) {
    try {
      const atMost = candidates.length > 1 ? Math.min(seconds, 10) : seconds;
      return await ask(namespace, candidate.name, method, path, { ...options, seconds: atMost });
    } catch (error) {
      last = error;
    }
  }
  throw last;
};

/** An answer that must be a success; some have no body. */
export const esDone = async (
  namespace: string,
  method: string,
  path: string,
  options: EsOptions = {},
): Promise<string> => {
  const { status, body } = await es(namespace, method, path, options);
  if (status >= 300) throw new Error(`${method} ${path} was answered with ${status}: ${body.slice(0, 500)}`);
  return body;
};

/** An answer that must be a success, as data. */
export const esJson = async <Result>(...request: Parameters<typeof esDone>): Promise<Result> =>
  JSON.parse(await esDone(...request)) as Result;

export interface Health {
  readonly status: string;
  readonly number_of_nodes: number;
  readonly unassigned_shards: number;
  readonly initializing_shards: number;
  readonly relocating_shards: number;
}

export const health = (namespace: string, options: EsOptions = {}): Promise<Health> =>
  esJson<Health>(namespace, 'GET', '/_cluster/health?master_timeout=3s', { seconds: 8, ...options });

/** The name of the elected master's pod. */
export const master = async (namespace: string): Promise<string> =>
  (await esJson<{ node: string }[]>(namespace, 'GET', '/_cat/master?format=json'))[0]?.node ?? '';

/** It grows with each election, also with one that ends with the same master. */
export const term = async (namespace: string): Promise<number> => {
  const path = '/_cluster/state/metadata?filter_path=metadata.cluster_coordination.term';
  const { metadata } = await esJson<{ metadata: { cluster_coordination: { term: number } } }>(namespace, 'GET', path);
  return metadata.cluster_coordination.term;
};
