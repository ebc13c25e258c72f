// What is looked at before an authority is used, with certificates that openssl makes; each of them is one that
// somebody could put into Secret elasticsearch-ca.
import { beforeAll, describe, expect, test } from '@jest/globals';
import { checkAuthority, flawOf } from '../../base/credentials/program/authority-check.ts';
import { encrypted, type Issued, issue } from './support/issue.ts';

let now = 0;
const day = 86_400;

let root: Issued;
let intermediate: Issued;
let other: Issued;
let withoutConstraints: Issued;
let withoutUsage: Issued;
let elliptic: Issued;
let edwards: Issued;

beforeAll(() => {
  root = issue({ subject: '/CN=root' });
  intermediate = issue({ subject: '/CN=intermediate', by: root, days: 500 });
  other = issue({ subject: '/CN=other' });
  withoutConstraints = issue({ subject: '/CN=leaf', extensions: [] });
  withoutUsage = issue({
    subject: '/CN=no signer',
    extensions: ['basicConstraints=critical,CA:TRUE', 'keyUsage=critical,digitalSignature'],
  });
  elliptic = issue({ subject: '/CN=elliptic', key: 'ec' });
  edwards = issue({ subject: '/CN=edwards', key: 'ed25519' });
  now = Math.floor(Date.now() / 1000);
}, 60_000);

const check = (bundle: string, key: string, at = now) => checkAuthority(bundle, key, at);

describe('an authority is used', () => {
  test('that signs itself', () => {
    expect(check(`words\n${root.certificate}`, root.key)).toMatchObject({ bundle: `words\n${root.certificate}` });
  });

  test('with an elliptic key', () => {
    expect(check(elliptic.certificate, elliptic.key)).toMatchObject({ prints: [expect.any(String)] });
  });

  test('of a chain that is whole, until its first part ends', () => {
    const chain = check(`${intermediate.certificate}${root.certificate}`, intermediate.key);
    expect(chain).toMatchObject({ ends: expect.any(Number) });
    const { ends } = chain as { ends: number };
    expect(Math.round((ends - now) / day)).toBe(500);
  });

  test('with others beside it, which are trusted too', () => {
    const found = check(`${root.certificate}${other.certificate}`, root.key);
    expect(found).toMatchObject({ prints: [expect.any(String), expect.any(String)] });
  });
});

describe('an authority is not used', () => {
  const garbage = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n';
  test.each<[string, () => ReturnType<typeof check>, string]>([
    ['without a certificate', () => check('words', root.key), 'no certificate in PEM'],
    ['with one that is none', () => check(`${root.certificate}${garbage}`, root.key), 'cannot be read'],
    [
      'that is no authority',
      () => check(withoutConstraints.certificate, withoutConstraints.key),
      'not one of an authority',
    ],
    ['that may not sign', () => check(withoutUsage.certificate, withoutUsage.key), 'not one of an authority'],
    ['without a key', () => check(root.certificate, 'words'), 'no private key in PEM'],
    ['with a key that needs a password', () => check(root.certificate, encrypted(root.key)), 'no private key in PEM'],
    [
      'with a key of another kind',
      () => check(edwards.certificate, edwards.key),
      'of type ed25519, and must be of rsa or',
    ],
    ['with the key of another', () => check(root.certificate, other.key), 'not the key of the first certificate'],
    [
      'of a chain in the wrong order',
      () => check(`${root.certificate}${intermediate.certificate}`, intermediate.key),
      'not the key',
    ],
    [
      'of a chain that is not whole',
      () => check(intermediate.certificate, intermediate.key),
      'lacks the authority of CN=intermediate',
    ],
    [
      'of a chain with a stranger',
      () => check(`${intermediate.certificate}${other.certificate}`, intermediate.key),
      'lacks the authority of CN=intermediate',
    ],
    ['that has ended', () => check(root.certificate, root.key, now + 5000 * day), 'CN=root is valid from 20'],
    [
      'whose chain has ended',
      () => check(`${intermediate.certificate}${root.certificate}`, intermediate.key, now + 600 * day),
      'CN=intermediate is valid from 20',
    ],
    ['that is not valid yet', () => check(root.certificate, root.key, now - day), 'is valid from 20'],
  ])('%s', (_, checked, says) => {
    expect(checked()).toEqual(expect.stringContaining(says));
  });
});

describe('what was signed is stored', () => {
  const names = ['localhost', '*.elasticsearch-nodes.reviews'];
  const san = [`subjectAltName=${names.map((name) => `DNS:${name}`).join(',')}`];
  const flaw = (made: Issued, wanted = names, at = now): string | undefined => {
    const authority = checkAuthority(root.certificate, root.key, now);
    if (typeof authority === 'string') throw new Error(authority);
    return flawOf(made, wanted, authority, at);
  };
  let leaf: Issued;
  beforeAll(() => {
    leaf = issue({ subject: '/CN=tls', by: root, days: 30, extensions: san });
    now = Math.floor(Date.now() / 1000);
  }, 60_000);

  test('when it is what was asked for', () => expect(flaw(leaf)).toBeUndefined());

  test.each<[string, () => string | undefined, string]>([
    ['without a certificate', () => flaw({ ...leaf, certificate: 'half a PEM' }), 'no certificate'],
    ['without a key', () => flaw({ ...leaf, key: '' }), 'a key that does not belong'],
    ['with another key', () => flaw({ ...leaf, key: other.key }), 'a key that does not belong'],
    ['signed by another', () => flaw(issue({ subject: '/CN=tls', by: other, extensions: san })), 'has not signed'],
    ['with a name too few', () => flaw(leaf, [...names, 'elasticsearch']), 'without the names elasticsearch'],
    ['that has ended', () => flaw(leaf, names, now + 31 * day), 'not valid now'],
  ])('and not %s', (_, found, says) => {
    expect(found()).toEqual(expect.stringContaining(says));
  });
});
