// Keeps a ConfigMap what the mounted ca.crt is: a BackendTLSPolicy takes the authority of a certificate from there.
import { readFile, rm, writeFile } from 'node:fs/promises';

const place = {
  certificate: process.env['CERTIFICATE'] ?? '/run/kibana-tls/ca.crt',
  token: process.env['TOKEN'] ?? '/var/run/secrets/kubernetes.io/serviceaccount/token',
  published: process.env['PUBLISHED'] ?? '/tmp/published',
};
const name = 'kibana-authority';
/** By this name the ConfigMap is written: who else has written it keeps it. */
const manager = 'kibana-authority';
const pauseSeconds = Number(process.env['PAUSE_SECONDS'] ?? 30);
/** What somebody took away comes back. */
const againSeconds = Number(process.env['AGAIN_SECONDS'] ?? 600);

/** Certificates and nothing else: what is published here anybody may read. */
const CERTIFICATES = /^(?:\s*-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----)+\s*$/;

let said = '';
/** Not the same again and again. */
const say = (text: string): void => {
  if (text !== said) process.stderr.write(`${new Date().toISOString()} ${text}\n`);
  said = text;
};

const variable = (of: string): string => {
  const value = process.env[of];
  if (value === undefined || value === '') throw new Error(`${of} must be set`);
  return value;
};

const address = (namespace: string): string => {
  const host = variable('KUBERNETES_SERVICE_HOST');
  const server = `https://${host.includes(':') ? `[${host}]` : host}:${variable('KUBERNETES_SERVICE_PORT')}`;
  return `${server}/api/v1/namespaces/${namespace}/configmaps/${name}?fieldManager=${manager}`;
};

/** Why it was not written; nothing, where it was. Server-side apply without force: another's value is a conflict. */
const publish = async (certificate: string): Promise<string | undefined> => {
  const namespace = variable('POD_NAMESPACE');
  const object = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, labels: { 'app.kubernetes.io/part-of': 'delivery-reviews' } },
    data: { 'ca.crt': certificate },
  };
  const answer = await fetch(address(namespace), {
    method: 'PATCH',
    headers: {
      authorization: `Bearer ${(await readFile(place.token, 'utf8')).trim()}`,
      'content-type': 'application/apply-patch+yaml',
    },
    body: JSON.stringify(object),
    signal: AbortSignal.timeout(15_000),
  });
  if (answer.ok) return undefined;
  const why = answer.status === 409 ? 'somebody else has written it, and keeps it' : 'trying again';
  return `ConfigMap ${name} was not written (HTTP ${answer.status}): ${why}. ${(await answer.text()).slice(0, 500)}`;
};

const attempt = async (): Promise<{ readonly certificate: string; readonly trouble: string | undefined }> => {
  const certificate = await readFile(place.certificate, 'utf8');
  if (!CERTIFICATES.test(certificate))
    return { certificate, trouble: 'ca.crt of Secret kibana-tls holds something else than certificates' };
  return { certificate, trouble: await publish(certificate) };
};

/** Why an attempt failed. Node.js reads NODE_EXTRA_CA_CERTS at its start: with another authority it must start anew. */
const reason = (error: unknown): string => {
  const { message, cause } = error instanceof Error ? error : new Error(String(error));
  if (!(cause instanceof Error)) return message;
  const text = `${message}: ${cause.message}`;
  if ('code' in cause && /CERT|SIGNATURE/.test(String(cause.code))) {
    say(text);
    process.exit(1);
  }
  return text;
};

process.on('SIGTERM', () => process.exit(0));

let written = '';
let next = 0;
for (;;) {
  const now = Date.now();
  const current = await readFile(place.certificate, 'utf8').catch(() => undefined);
  if (current !== written || now >= next) {
    const { certificate, trouble } = await attempt().catch((error: unknown) => ({
      certificate: '',
      trouble: reason(error),
    }));
    if (trouble === undefined) {
      if (certificate !== written) said = '';
      say(`ConfigMap ${name} has the authority of Secret kibana-tls`);
      await writeFile(place.published, '');
    } else {
      say(trouble);
      await rm(place.published, { force: true });
    }
    written = trouble === undefined ? certificate : '';
    next = now + againSeconds * 1000;
  }
  await new Promise((resolve) => setTimeout(resolve, pauseSeconds * 1000));
}
