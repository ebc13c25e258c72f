// Certificates and keys in PEM. All that is read from inside of one is read by OpenSSL, in Node.js.

import { createHash, createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';

const tried = <Value>(make: () => Value): Value | undefined => {
  try {
    return make();
  } catch {
    return undefined;
  }
};

/** Of a text that may hold several, and words between them. */
const blocksOf = (pem: string): string[] =>
  pem.match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g) ?? [];

/** Without those that can't be read. */
export const certificatesOf = (pem: string): X509Certificate[] =>
  blocksOf(pem).flatMap((block) => tried(() => new X509Certificate(block)) ?? []);

/** The one that a server shows. */
export const firstOf = (pem: string): X509Certificate | undefined => certificatesOf(blocksOf(pem)[0] ?? '')[0];

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

/** Of each certificate, readable or not, as annotations have them. */
export const printsOf = (pem: string): string[] =>
  blocksOf(pem).map((block) => sha256(Buffer.from(block.replace(/-----[^-]*-----/g, ''), 'base64')));

export const printOf = ({ raw }: X509Certificate): string => sha256(raw);

export const nameOf = ({ subject }: X509Certificate): string => subject.replaceAll('\n', ', ');

/** Seconds since 1970. */
export const beginOf = ({ validFrom }: X509Certificate): number => Math.floor(Date.parse(validFrom) / 1000);
export const endOf = ({ validTo }: X509Certificate): number => Math.floor(Date.parse(validTo) / 1000);

export const isIssuedBy = (certificate: X509Certificate, issuer: X509Certificate): boolean =>
  certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);

/** Undefined where it is none, or needs a password. */
export const keyOf = (pem: string): KeyObject | undefined => tried(() => createPrivateKey(pem));
