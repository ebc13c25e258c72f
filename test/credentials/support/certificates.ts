// Certificates as openssl sees them.
import { spawnSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
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
