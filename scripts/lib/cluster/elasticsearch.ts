// Questions to Elasticsearch as its superuser, from inside one of its pods: it works also where the Service has no
// address, and no port is opened. Whoever asks needs the right to read that login and to `exec`. What could not be
// asked has a reason, and is no answer.

import type { ISecret } from 'kubernetes-models/v1';
import { UserError } from '../cli.ts';
import { whyUnanswered } from './agent-status.ts';
import { getJson, kubectl, reasonOf } from './kubectl.ts';

export type EsAnswer =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly why: string; readonly status?: number };

type Method = 'GET' | 'PUT';

export interface Elasticsearch {
  readonly ask: (method: Method, path: string, body?: unknown) => Promise<EsAnswer>;
}

const SECONDS = 20;

// The password comes in on the first line of the input, so that it stands in no list of processes.
const script = `
read -r password
exec curl -sS -m "$3" -X "$1" "https://localhost:9200$2" --cacert config/certificates/ca.crt -w '\\n%{http_code}' \\
  -H @<(printf 'Authorization: Basic %s' "$(printf 'elastic:%s' "$password" | base64 -w0)") \\
  -H 'Content-Type: application/json' \${4:+--data-binary @-}`;

const no = (why: string, status?: number): EsAnswer => ({
  ok: false,
  why,
  ...(status === undefined ? {} : { status }),
});

/** The last line is the status. */
export const readAnswer = (method: string, path: string, stdout: string): EsAnswer => {
  const split = stdout.lastIndexOf('\n');
  const status = Number(stdout.slice(split + 1));
  const asked = `${method} ${path.split('?', 1)[0]}`;
  if (!(status > 0)) return no(`${asked} was not answered`);
  if (status === 401)
    return no(`${asked}: the password in Secret elasticsearch-user-elastic is not the superuser's`, status);
  if (status >= 300) return no(`${asked} was answered with ${status}`, status);
  try {
    return { ok: true, value: JSON.parse(stdout.slice(0, Math.max(0, split))) as unknown };
  } catch {
    return no(`the answer to ${asked} is cut, or no JSON`);
  }
};

const passwordOf = async (namespace: string): Promise<string> => {
  const { data } = await getJson<ISecret>(['-n', namespace, 'secret', 'elasticsearch-user-elastic']);
  const password = Buffer.from(data?.['password'] ?? '', 'base64').toString('utf8');
  if (password === '') throw new UserError('Secret elasticsearch-user-elastic has no password');
  return password;
};

/** `pod`: a name of one that is ready. */
export const elasticsearchIn = (namespace: string, pod: string | undefined): Elasticsearch => {
  let password: Promise<string> | undefined;
  return {
    ask: async (method, path, body) => {
      if (pod === undefined) return no('no Elasticsearch pod is ready');
      password ??= passwordOf(namespace);
      const login = await password.catch((error: unknown) => ({ why: reasonOf(error) }));
      if (typeof login !== 'string') return no(login.why);
      const words = [method, path, String(SECONDS - 5), ...(body === undefined ? [] : ['body'])];
      const done = await kubectl(
        ['-n', namespace, 'exec', '-i', pod, '-c', 'elasticsearch', '--', 'bash', '-c', script, 'ask', ...words],
        { seconds: SECONDS, input: `${login}\n${body === undefined ? '' : JSON.stringify(body)}` },
      );
      return done.code === 0 ? readAnswer(method, path, done.stdout) : no(whyUnanswered(done, SECONDS));
    },
  };
};
