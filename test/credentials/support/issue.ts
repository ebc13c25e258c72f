// Certificates of any kind, by openssl.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Issued {
  readonly certificate: string;
  readonly key: string;
}

const KEYS = {
  rsa: ['rsa:2048'],
  ec: ['ec', '-pkeyopt', 'ec_paramgen_curve:P-256'],
  ed25519: ['ed25519'],
};

interface Wish {
  readonly subject: string;
  /** Itself where none is given. */
  readonly by?: Issued;
  readonly days?: number;
  /** Those of an authority where none are given. */
  readonly extensions?: readonly string[];
  readonly key?: keyof typeof KEYS;
}

const AUTHORITY = ['basicConstraints=critical,CA:TRUE', 'keyUsage=critical,keyCertSign,cRLSign'];

const withFolder = <Result>(work: (openssl: (...args: string[]) => void, folder: string) => Result): Result => {
  const folder = mkdtempSync(join(tmpdir(), 'issue-'));
  try {
    return work((...args) => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' }), folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

export const issue = ({ subject, by, days = 3000, extensions = AUTHORITY, key = 'rsa' }: Wish): Issued =>
  withFolder((openssl, folder) => {
    openssl('req', '-newkey', ...KEYS[key], '-nodes', '-keyout', 'key', '-out', 'request', '-subj', subject);
    writeFileSync(join(folder, 'extensions'), extensions.join('\n'));
    if (by !== undefined) {
      writeFileSync(join(folder, 'ca.crt'), by.certificate);
      writeFileSync(join(folder, 'ca.key'), by.key);
    }
    const signer = by === undefined ? ['-signkey', 'key'] : ['-CA', 'ca.crt', '-CAkey', 'ca.key', '-CAcreateserial'];
    const more = extensions.length === 0 ? [] : ['-extfile', 'extensions'];
    openssl('x509', '-req', '-in', 'request', '-out', 'certificate', '-days', String(days), ...signer, ...more);
    const read = (name: string): string => readFileSync(join(folder, name), 'utf8');
    return { certificate: read('certificate'), key: read('key') };
  });

/** The same key, with a password. */
export const encrypted = (key: string): string =>
  withFolder((openssl, folder) => {
    writeFileSync(join(folder, 'key'), key);
    openssl('pkey', '-in', 'key', '-out', 'encrypted', '-aes256', '-passout', 'pass:secret');
    return readFileSync(join(folder, 'encrypted'), 'utf8');
  });
