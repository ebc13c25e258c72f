// What follows from what was read: no server is asked here.
import { describe, expect, test } from '@jest/globals';
import { domainIn, dueStep, namesFor, type Step } from '../../base/credentials/program/due.ts';
import { isOurs, requestOf, type Secret, textOf } from '../../base/credentials/program/secret.ts';
import { buildUsersFile, parseUsers, type User } from '../../base/credentials/program/users-file.ts';
import { accepts, namesIn, rolesOf } from './support/users-file.ts';

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const secret = (name: string, data: Readonly<Record<string, string>>, more: Partial<Secret> = {}): Secret => ({
  name,
  version: '7',
  data: Object.fromEntries(Object.entries(data).map(([key, text]) => [key, base64(text)])),
  notes: {},
  hasOwner: false,
  ...more,
});

describe('a Secret', () => {
  const values = { username: 'ingest', password: 'secret' };
  /** Clusters that run have it: it was made by the scripts that were here before. */
  const written = 'a5d7c5095328841b08f0bd10d8d1066a3aa9ec706c91c8a44ad56d7c259cc32e';

  test('is ours as long as its data is what was written last, in the form that it always had', () => {
    expect(requestOf('one', { values })).toMatchObject({
      metadata: { name: 'one', annotations: { 'delivery-reviews.dev/checksum': written } },
      data: { username: base64('ingest'), password: base64('secret') },
    });
    const notes = { checksum: written };
    expect(isOurs(secret('one', values, { notes }))).toBe(true);
    expect(isOurs(secret('one', { ...values, password: 'another' }, { notes }))).toBe(false);
    expect(isOurs(secret('one', { ...values, more: 'x' }, { notes }))).toBe(false);
    expect(isOurs(secret('one', values, { notes, hasOwner: true }))).toBe(false);
    expect(isOurs(secret('one', values))).toBe(false);
  });

  test('is changed with its version, and what goes is said to go', () => {
    const before = secret('one', { ...values, 'next-password': 'x' });
    const change = {
      values: { 'next-password': undefined },
      notes: { phase: undefined, rotated: 'now', 'left-out': '' },
    };
    expect(requestOf('one', change, before)).toEqual({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: {
        name: 'one',
        resourceVersion: '7',
        annotations: {
          'delivery-reviews.dev/checksum': written,
          'delivery-reviews.dev/phase': null,
          'delivery-reviews.dev/rotated': 'now',
          'delivery-reviews.dev/left-out': null,
        },
      },
      data: { 'next-password': null },
    });
  });

  test('gives its values without the line ends of editors, and is never made of nothing', () => {
    for (const ends of ['\n\n', '\r\n', '\r\n\r\n'])
      expect(textOf(secret('one', { a: `x y${ends}`, b: '\n', c: '' }), 'a')).toBe('x y');
    for (const key of ['b', 'c', 'd']) expect(textOf(secret('one', { b: '\n', c: '' }), key)).toBeUndefined();
    expect(() => requestOf('one', { values: { a: '' } })).toThrow('nothing for a of Secret one');
  });
});

describe('the users file', () => {
  const table = (text: string, file = 'users.txt') => ({ file, text });
  const users: User[] = parseUsers([table('# words\nfirst role-a\nsecond role-b other\n\nthird role-a\n')]);
  const login = (name: string, password: string): Secret => secret(name, { username: name, password });
  const old = buildUsersFile(
    users.map((user) => ({ user, secret: login(user.login, `of ${user.login}`) })),
    { users: '', roles: '' },
    () => 'AAAAAAAAAAA=',
  ).file;

  test('is the same for the same Secrets, whatever salt a new login would get', () => {
    expect(old.roles).toBe('role-a:first,third\nrole-b:other\n');
    expect(namesIn(old.users)).toEqual(['first', 'other', 'third']);
    const found = users.map((user) => ({ user, secret: login(user.login, `of ${user.login}`) }));
    expect(buildUsersFile(found, old, () => 'BBBBBBBBBBB=')).toEqual({ file: old, problems: new Map() });
  });

  test.each([
    ['cannot be read', 'unknown' as const],
    ['is gone, and could not be made', 'absent' as const],
    ['cannot be used', secret('x', { username: 'x' })],
  ])('keeps the logins of a Secret that %s, and not those of its role’s other user', (_, first) => {
    const found = users.map((user) => ({
      user,
      secret: user.name === 'first' ? first : login(user.login, 'new'),
    }));
    const { file } = buildUsersFile(found, old, () => 'BBBBBBBBBBB=');
    expect(namesIn(file.users)).toEqual(['first', 'other', 'third']);
    expect(accepts(file.users, 'first', 'of first')).toBe(true);
    expect(accepts(file.users, 'third', 'new')).toBe(true);
    expect(rolesOf(file.roles, 'first')).toEqual(['role-a']);
  });

  test('gives a name to the first who has it', () => {
    const found = users.map((user) => ({ user, secret: login('same', `of ${user.name}`) }));
    const { file, problems } = buildUsersFile(found, { users: '', roles: '' }, () => 'AAAAAAAAAAA=');
    expect([...problems.keys()]).toEqual(['second', 'third']);
    expect(accepts(file.users, 'same', 'of first')).toBe(true);
    expect(file.roles).toBe('role-a:same\n');
  });

  test.each([
    [
      'a user without a role',
      ['first role\nsecond\n'],
      "a line of users.txt must be NAME ROLE [LOGIN], but is 'second'",
    ],
    ['a user twice', ['first role\nfirst other\n'], 'users.txt names first twice'],
    ['such a line', ['first role', 'second'], "a line of users-more.txt must be NAME ROLE [LOGIN], but is 'second'"],
    ['the same user', ['first role', 'first role'], 'users-more.txt names first, as users.txt does'],
  ])('is not made of tables with %s', (_, texts, says) => {
    const [first = '', second = ''] = texts;
    expect(() => parseUsers([table(first), table(second, 'users-more.txt')])).toThrow(says);
  });
});

describe('the names of a certificate', () => {
  test.each([
    ['search reviews.svc.cluster.local svc.cluster.local cluster.local', 'cluster.local'],
    [
      'nameserver 10.0.0.10\nsearch my-reviews.svc.other reviews.svc.example.internal svc.example.internal',
      'example.internal',
    ],
    ['search example.com', 'cluster.local'],
    ['', 'cluster.local'],
  ])('are in the domain of the cluster: %j', (resolvConf, domain) => {
    expect(domainIn(resolvConf, 'reviews')).toBe(domain);
  });

  test('are those that an earlier version gave it, in their order: else it would be made anew', () => {
    expect(namesFor('kibana-tls', 'reviews', 'cluster.local').join()).toBe(
      'localhost,kibana,kibana.reviews,kibana.reviews.svc,kibana.reviews.svc.cluster.local',
    );
    const full = (name: string): string => `${name}.reviews,${name}.reviews.svc,${name}.reviews.svc.cluster.local`;
    expect(namesFor('elasticsearch-tls', 'reviews', 'cluster.local').join()).toBe(
      `localhost,elasticsearch,${full('elasticsearch')},${full('*.elasticsearch-nodes')}`,
    );
  });
});

describe('the step of a certificate’s life that is due', () => {
  const day = 86_400;
  const now = Date.parse('2026-11-24T12:00:00Z') / 1000;
  const standing = {
    notes: { 'signed-by': 'a', hosts: 'localhost' } as Readonly<Record<string, string>>,
    trusted: ['a'],
    authority: ['a'],
    signer: 'a',
    ends: now + 200 * day,
    names: 'localhost',
    now,
    keepPreviousSeconds: day,
    renewBeforeSeconds: 90 * day,
  };
  const just = { 'trusted-at': '2026-11-24T11:00:00Z', 'signed-at': '2026-11-24T11:00:00Z' };
  const before = { 'trusted-at': '2026-11-23T11:00:00Z', 'signed-at': '2026-11-23T11:00:00Z' };
  const other = { authority: ['b'], signer: 'b', trusted: ['b', 'a'] };

  test.each<[string, Partial<typeof standing>, Step]>([
    ['none', {}, 'nothing'],
    ['a new authority is trusted first', { authority: ['b'], signer: 'b' }, 'trust'],
    ['each part of it', { ...other, authority: ['b', 'c'] }, 'trust'],
    ['it signs when everybody trusts it', { ...other, notes: { ...standing.notes, ...before } }, 'sign'],
    ['not before', { ...other, notes: { ...standing.notes, ...just } }, 'nothing'],
    ['but before the certificate ends', { ...other, notes: { ...standing.notes, ...just }, ends: now + day }, 'sign'],
    ['also where nobody wrote when', other, 'sign'],
    [
      'the old one goes when all have the new certificate',
      { trusted: ['a', 'z'], notes: { ...standing.notes, ...before } },
      'forget',
    ],
    ['not before that', { trusted: ['a', 'z'], notes: { ...standing.notes, ...just } }, 'nothing'],
    ['renewal before the end', { ends: now + 90 * day }, 'renew'],
    ['renewal after the end', { ends: 0 }, 'renew'],
    ['renewal for other names', { names: 'localhost,elsewhere' }, 'renew'],
    ['renewal on request', { notes: { ...standing.notes, rotate: 'requested' } }, 'renew'],
    ['no renewal on another word', { notes: { ...standing.notes, rotate: 'please' } }, 'nothing'],
  ])('%s', (_, change, step) => {
    expect(dueStep({ ...standing, ...change })).toBe(step);
  });
});
