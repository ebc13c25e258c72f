// Whether an authority can be used, and whether what was signed is what was asked for: looked at before anything is
// changed. A text says what is wrong.

import type { KeyObject, X509Certificate } from 'node:crypto';
import { beginOf, certificatesOf, endOf, firstOf, isIssuedBy, keyOf, nameOf, printOf, printsOf } from './pem.ts';
import type { Pair } from './ports.ts';
import { moment } from './time.ts';

export interface Authority {
  /** What clients trust, as it stands in the Secret. */
  readonly bundle: string;
  readonly prints: readonly string[];
  readonly certificates: readonly X509Certificate[];
  /** The first of them. */
  readonly signer: X509Certificate;
  readonly signerPrint: string;
  readonly key: KeyObject;
  /** When the first of the chain ends. */
  readonly ends: number;
}

/** Those that elasticsearch-certutil signs with and that clients take; it would also take DSA. */
const KEYS = ['rsa', 'ec'];

export const checkAuthority = (bundle: string, keyPem: string, now: number): Authority | string => {
  const certificates = certificatesOf(bundle);
  const [signer] = certificates;
  const prints = printsOf(bundle);
  if (signer === undefined || certificates.length < prints.length)
    return `ca.crt holds ${prints.length === 0 ? 'no certificate in PEM' : 'a certificate that cannot be read'}`;
  // OpenSSL goes by basicConstraints, and by keyUsage where that is given.
  if (!signer.ca)
    return 'the first of ca.crt is not one of an authority (basicConstraints CA:TRUE, keyUsage keyCertSign)';
  const key = keyOf(keyPem);
  if (key === undefined) return 'ca.key is no private key in PEM without a password';
  if (!KEYS.includes(key.asymmetricKeyType ?? ''))
    return `ca.key is of type ${key.asymmetricKeyType}, and must be of ${KEYS.join(' or ')}`;
  if (!signer.checkPrivateKey(key)) return 'ca.key is not the key of the first certificate of ca.crt';
  // From the signer up to one that signs itself: OpenSSL, and so Node.js, trusts nothing less.
  const chain = [signer];
  for (let last = signer; !isIssuedBy(last, last); ) {
    const above = certificates.find((one) => !chain.includes(one) && isIssuedBy(last, one));
    if (above === undefined)
      return `ca.crt lacks the authority of ${nameOf(last)}: it must hold the chain up to one that signs itself`;
    chain.push(above);
    last = above;
  }
  const invalid = chain.find((one) => beginOf(one) > now || endOf(one) <= now);
  if (invalid !== undefined)
    return `${nameOf(invalid)} is valid from ${moment(beginOf(invalid))} to ${moment(endOf(invalid))}, and not now`;
  const ends = Math.min(...chain.map(endOf));
  return { bundle, prints, certificates, signer, signerPrint: printOf(signer), key, ends };
};

/** What is wrong with a certificate that was asked for. */
export const flawOf = (
  { certificate, key }: Pair,
  names: readonly string[],
  authority: Authority,
  now: number,
): string | undefined => {
  const made = firstOf(certificate);
  if (made === undefined) return 'no certificate in PEM';
  const madeKey = keyOf(key);
  if (madeKey === undefined || !made.checkPrivateKey(madeKey)) return 'a key that does not belong to the certificate';
  if (!isIssuedBy(made, authority.signer)) return 'a certificate that the authority has not signed';
  if (beginOf(made) > now || endOf(made) <= now) return 'a certificate that is not valid now';
  const given = new Set(made.subjectAltName?.split(', '));
  const missing = names.filter((name) => !given.has(`DNS:${name}`));
  return missing.length === 0 ? undefined : `a certificate without the names ${missing.join(', ')}`;
};
