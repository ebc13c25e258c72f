// Secrets, and what the cluster makes of what is in them.
import { X509Certificate } from 'node:crypto';
import type { ISecret } from 'kubernetes-models/v1';
import { elasticsearchPods, exec, k, maybe } from './kube.ts';

export const secret = (namespace: string, name: string): Promise<ISecret | undefined> =>
  maybe<ISecret>(['-n', namespace, 'secret', name]);

/** One value of a Secret, as text. */
export const valueOf = async (namespace: string, name: string, key: string): Promise<string> => {
  const value = (await secret(namespace, name))?.data?.[key];
  if (value === undefined) throw new Error(`Secret ${name} has no ${key}`);
  return Buffer.from(value, 'base64').toString('utf8');
};

export interface Login {
  readonly username: string;
  readonly password: string;
}

export const loginOf = async (namespace: string, user: string): Promise<Login> => ({
  username: await valueOf(namespace, `elasticsearch-user-${user}`, 'username'),
  password: await valueOf(namespace, `elasticsearch-user-${user}`, 'password'),
});

const authenticate = `
read -r authorization
exec curl -s -m 10 -o /dev/null -w '%{http_code}' --cacert config/certificates/ca.crt \\
  -H @<(echo "$authorization") https://localhost:9200/_security/_authenticate`;

/** The HTTP status with which a node answers a login. */
export const answerTo = async (namespace: string, pod: string, { username, password }: Login): Promise<number> => {
  const input = `Authorization: Basic ${Buffer.from(`${username}:${password}`).toString('base64')}\n`;
  return Number((await exec(namespace, pod, ['bash', '-c', authenticate], { input })).stdout);
};

/** The same of every node. */
export const answersTo = async (namespace: string, login: Login): Promise<number[]> =>
  Promise.all((await elasticsearchPods(namespace)).map(({ name }) => answerTo(namespace, name, login)));

/** Fingerprints of all certificates in a PEM text. */
export const fingerprints = (pem: string): string[] =>
  (pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? []).map(
    (one) => new X509Certificate(one).fingerprint256,
  );

/** When the certificate ends with which a node answers at its HTTP port, as curl says it. */
export const servedUntil = async (namespace: string, pod: string): Promise<string> => {
  const done = await exec(namespace, pod, [
    'curl',
    '-sv',
    '-m',
    '10',
    '-o',
    '/dev/null',
    '--cacert',
    'config/certificates/ca.crt',
    'https://localhost:9200/',
  ]);
  const end = /expire date: (.*)/.exec(done.stderr)?.[1];
  if (end === undefined) throw new Error(`${pod} shows no certificate: ${done.stderr}`);
  return end;
};

/** Another value for a variable of the credentials Deployment, until the overlay is applied again. */
export const credentialsWith = async (namespace: string, ...variables: readonly string[]): Promise<void> => {
  await k(['-n', namespace, 'set', 'env', 'deployment/credentials', '-c', 'credentials', ...variables]);
  await k(['-n', namespace, 'rollout', 'status', 'deployment/credentials', '--timeout=120s'], { seconds: 130 });
};
