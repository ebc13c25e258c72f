// Certificates as openssl sees them, and some that nobody else would make.
import { spawnSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const inFolder = <Result>(work: (folder: string) => Result): Result => {
  const folder = mkdtempSync(join(tmpdir(), 'openssl-'));
  try {
    return work(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
};

const openssl = (folder: string, ...args: string[]): { code: number | null; text: string } => {
  const done = spawnSync('openssl', args, { cwd: folder, encoding: 'utf8' });
  return { code: done.status, text: `${done.stdout}${done.stderr}` };
};

const must = (folder: string, ...args: string[]): void => {
  const { code, text } = openssl(folder, ...args);
  if (code !== 0) throw new Error(`openssl ${args.join(' ')}: ${text}`);
};

export const certificatesOf = (pem: string): X509Certificate[] =>
  (pem.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ?? []).map(
    (one) => new X509Certificate(one),
  );

/** Whether a client that trusts this bundle accepts this certificate for this name, as of now. */
export const isTrusted = (bundle: string, certificate: string, name: string): boolean =>
  inFolder((folder) => {
    writeFileSync(join(folder, 'bundle'), bundle);
    writeFileSync(join(folder, 'certificate'), certificate);
    return openssl(folder, 'verify', '-CAfile', 'bundle', '-verify_hostname', name, 'certificate').code === 0;
  });

export const belongTogether = (certificate: string, key: string): boolean =>
  inFolder((folder) => {
    writeFileSync(join(folder, 'certificate'), certificate);
    writeFileSync(join(folder, 'key'), key);
    return (
      openssl(folder, 'x509', '-in', 'certificate', '-noout', '-pubkey').text ===
      openssl(folder, 'pkey', '-in', 'key', '-pubout').text
    );
  });

export interface Authority {
  readonly certificate: string;
  readonly key: string;
}

/** One that this project did not make. */
export const otherAuthority = (subject = '/CN=another authority', days = 3000): Authority =>
  inFolder((folder) => {
    const v3 = ['-addext', 'basicConstraints=critical,CA:TRUE', '-addext', 'keyUsage=critical,keyCertSign,cRLSign'];
    must(
      folder,
      'req',
      '-x509',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-keyout',
      'key',
      '-out',
      'certificate',
      '-days',
      String(days),
      '-subj',
      subject,
      ...v3,
    );
    return {
      certificate: readFileSync(join(folder, 'certificate'), 'utf8'),
      key: readFileSync(join(folder, 'key'), 'utf8'),
    };
  });

/** A certificate that ended yesterday. */
export const expired = ({ certificate, key }: Authority, name: string): Authority =>
  inFolder((folder) => {
    writeFileSync(join(folder, 'ca.crt'), certificate);
    writeFileSync(join(folder, 'ca.key'), key);
    writeFileSync(join(folder, 'names'), `subjectAltName=DNS:${name}`);
    must(folder, 'req', '-newkey', 'rsa:2048', '-nodes', '-keyout', 'key', '-out', 'request', '-subj', '/CN=tls');
    const signed = ['-CA', 'ca.crt', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '-1', '-extfile', 'names'];
    must(folder, 'x509', '-req', '-in', 'request', '-out', 'certificate', ...signed);
    return {
      certificate: readFileSync(join(folder, 'certificate'), 'utf8'),
      key: readFileSync(join(folder, 'key'), 'utf8'),
    };
  });
