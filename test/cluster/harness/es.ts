// Elasticsearch as seen from inside one of its pods, as the superuser: works also while the Service has no address.
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
}

// The password comes in on the first line of the input, so that it stands in no list of processes.
const script = `
read -r password
exec curl -sS -m "$3" -X "$1" "https://localhost:9200$2" --cacert config/certificates/ca.crt -w '\\n%{http_code}' \\
  -H @<(printf 'Authorization: Basic %s' "$(printf 'elastic:%s' "$password" | base64 -w0)") \\
  -H 'Content-Type: application/json' \${4:+--data-binary @-}`;

const passwords = new Map<string, string>();

/** A rotation gives the superuser a new one. */
const password = async (namespace: string, { anew = false } = {}): Promise<string> => {
  const known = anew ? undefined : passwords.get(namespace);
  if (known !== undefined) return known;
  const { data } = await getJson<{ data: Record<string, string> }>([
    '-n',
    namespace,
    'secret',
    'elasticsearch-user-elastic',
  ]);
  const now = Buffer.from(data['password'] ?? '', 'base64').toString('utf8');
  passwords.set(namespace, now);
  return now;
};

const ask = async (
  namespace: string,
  name: string,
  method: string,
  path: string,
  body: unknown,
  seconds: number,
  anew = false,
): Promise<EsAnswer> => {
  const text = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body);
  const command = ['bash', '-c', script, 'es', method, path, String(seconds), ...(body === undefined ? [] : ['body'])];
  const input = `${await password(namespace, { anew })}\n${text}`;
  const done = await exec(namespace, name, command, { seconds: seconds + 5, input });
  const split = done.stdout.lastIndexOf('\n');
  const status = Number(done.stdout.slice(split + 1));
  if (done.code !== 0 || !(status > 0))
    throw new Error(`${name} does not answer ${method} ${path}: ${done.stderr.trim() || `code ${done.code}`}`);
  if (status === 401 && !anew) return ask(namespace, name, method, path, body, seconds, true);
  return { status, body: done.stdout.slice(0, Math.max(0, split)), from: name };
};

const likely = (pod: Pod): number => (pod.ready ? 0 : 2) + (pod.leaving ? 1 : 0);

export const es = async (
  namespace: string,
  method: string,
  path: string,
  options: EsOptions = {},
): Promise<EsAnswer> => {
  const { pod, body, seconds = 15 } = options;
  if (pod !== undefined) return ask(namespace, pod, method, path, body, seconds);
  const candidates = (await elasticsearchPods(namespace)).filter(
    ({ phase, node }) => phase === 'Running' && !isOutOfReach(node),
  );
  let last: unknown = new Error(`no Elasticsearch pod runs in ${namespace}`);
  for (const candidate of candidates.sort((a, b) => likely(a) - likely(b))) {
    try {
      return await ask(
        namespace,
        candidate.name,
        method,
        path,
        body,
        Math.min(seconds, candidates.length > 1 ? 10 : seconds),
      );
    } catch (error) {
      last = error;
    }
  }
  throw last;
};

/** An answer that must be a success, as data. */
export const esJson = async <Result>(
  namespace: string,
  method: string,
  path: string,
  options: EsOptions = {},
): Promise<Result> => {
  const answer = await es(namespace, method, path, options);
  if (answer.status >= 300)
    throw new Error(`${method} ${path} was answered with ${answer.status}: ${answer.body.slice(0, 500)}`);
  return JSON.parse(answer.body) as Result;
};

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
