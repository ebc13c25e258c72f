// What `make rotate` makes of the notes of the Secrets.
import { expect, test } from '@jest/globals';
import {
  authorityRefusal,
  beginsLater,
  isHandedOut,
  previousEnd,
  progressOf,
  readersAtStart,
  type Standing,
  unheardOf,
} from '../../scripts/lib/secrets/rotation.ts';

const now = Date.parse('2026-11-24T12:00:00Z');
const later = '2026-11-25T12:00:00Z';
const standing = (
  users: Record<string, string>,
  elastic: Record<string, string> = {},
  certificate: Record<string, string> = {},
  kibana: Record<string, string> = {},
  authority: Record<string, string> = {},
): Standing => ({
  users: { checksum: 'x', ...users },
  elastic: { checksum: 'x', ...elastic },
  certificate: { checksum: 'x', ...certificate },
  kibana: { checksum: 'x', ...kibana },
  authority: { checksum: 'x', ...authority },
});

test.each([
  [standing({ rotate: 'requested' }), 'asked for; the credentials Deployment looks every half minute'],
  [
    standing({ rotate: 'requested', 'previous-ends': later }),
    'asked for; it begins when the logins of the last rotation end, at ' +
      '2026-11-25T12:00:00.000Z (REVOKE=1 ends them now)',
  ],
  [standing({ phase: 'adding' }), 'new logins are stored beside the old ones'],
  [standing({ phase: 'spreading' }), 'new logins are on their way to every node; nobody uses them yet'],
  [standing({ phase: 'switching' }), 'programs are handed the new logins'],
  [
    standing({ rotated: '2026-11-24T11:59:00Z', 'previous-ends': later }),
    'programs have new logins; the old ones are accepted until 2026-11-25T12:00:00.000Z',
  ],
  [
    standing({ rotated: '2026-11-22T11:59:00Z', 'previous-ends': '2026-11-23T11:59:00Z' }),
    'programs have new logins; the old ones are not accepted any more',
  ],
  [
    standing(
      { phase: 'spreading' },
      { phase: 'changing' },
      { rotate: 'requested' },
      { rotate: 'requested' },
      { rotate: 'requested' },
    ),
    'new logins are on their way to every node; nobody uses them yet · elastic: the new password waits for an ' +
      'answer of the cluster · the certificate of the nodes is asked for · the certificate of Kibana is asked for · ' +
      'a new authority is asked for',
  ],
])('a standing is one line: %#', (given, line) => {
  expect(progressOf(given, undefined, now)).toBe(line);
});

test('handed out means: programs, the superuser and the certificates, and not those of the last time', () => {
  const done = { rotated: '2026-11-24T11:59:00Z', 'previous-ends': later };
  expect(isHandedOut(standing(done), undefined)).toBe(true);
  expect(isHandedOut(standing(done), '2026-11-24T11:59:00Z')).toBe(false);
  expect(isHandedOut(standing({ ...done, phase: 'switching' }), undefined)).toBe(false);
  expect(isHandedOut(standing({ ...done, rotate: 'requested' }), undefined)).toBe(false);
  expect(isHandedOut(standing(done, { phase: 'changing' }), undefined)).toBe(false);
  expect(isHandedOut(standing(done, {}, { rotate: 'requested' }), undefined)).toBe(false);
  expect(isHandedOut(standing(done, {}, {}, { rotate: 'requested' }), undefined)).toBe(false);
  expect(isHandedOut(standing(done, {}, {}, {}, { rotate: 'requested' }), undefined)).toBe(false);
  expect(previousEnd(standing(done), now)?.toISOString()).toBe('2026-11-25T12:00:00.000Z');
  expect(previousEnd(standing(done), Date.parse(later) + 1)).toBeUndefined();
});

test('what begins tomorrow is not watched, unless something else is left to be done', () => {
  const waits = { rotate: 'requested', 'previous-ends': later };
  expect(beginsLater(standing(waits), now)?.toISOString()).toBe('2026-11-25T12:00:00.000Z');
  expect(beginsLater(standing(waits), Date.parse(later) + 1)).toBeUndefined();
  expect(beginsLater(standing({ ...waits, rotate: 'revoke' }), now)).toBeUndefined();
  expect(beginsLater(standing({ ...waits, phase: 'adding' }), now)).toBeUndefined();
  expect(beginsLater(standing(waits, { phase: 'changing' }), now)).toBeUndefined();
  expect(beginsLater(standing(waits, {}, { rotate: 'requested' }), now)).toBeUndefined();
  expect(beginsLater(standing(waits, {}, {}, {}, { rotate: 'requested' }), now)).toBeUndefined();
});

test.each([
  [standing({ rotate: 'requested' }), ['REVOKE=1', 'AUTHORITY=1']],
  [standing({ rotate: 'revoke' }), ['AUTHORITY=1']],
  [standing({ phase: 'adding', wish: 'requested' }), ['REVOKE=1', 'AUTHORITY=1']],
  [standing({ phase: 'adding', wish: 'revoke' }), ['AUTHORITY=1']],
  [standing({ phase: 'adding', wish: 'requested' }, {}, {}, {}, { rotate: 'requested' }), ['REVOKE=1']],
  [standing({ phase: 'adding', wish: 'requested' }, {}, {}, { 'trusted-at': later }), ['REVOKE=1']],
])('a wish that goes beyond what was asked for is known: %#', (given, unheard) => {
  expect(unheardOf(given, { revoke: true, authority: true })).toEqual(unheard);
  expect(unheardOf(given, { revoke: false, authority: false })).toEqual([]);
});

test('a new authority is asked for only where there is one of ours to renew', () => {
  expect(authorityRefusal(standing({}))).toBeUndefined();
  const others = {};
  expect(authorityRefusal({ ...standing({}), kibana: others })).toBeUndefined();
  expect(authorityRefusal({ ...standing({}), kibana: others, certificate: others })).toContain('both certificates');
  expect(authorityRefusal({ ...standing({}), authority: undefined })).toContain('there is no Secret elasticsearch-ca');
  expect(authorityRefusal({ ...standing({}), authority: others })).toContain('made by somebody else: put a new one');
});

test('programs that read their login at their start are found by their environment variables', () => {
  const one = (name: string) => ({ name: 'P', valueFrom: { secretKeyRef: { name, key: 'password' } } });
  const deployment = (name: string, pod: object): object => ({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name },
    spec: { template: { spec: pod } },
  });
  const search = 'elasticsearch-user-search';
  const objects = [
    deployment('reader', { containers: [{ env: [{ name: 'A', value: 'b' }, one(search)] }] }),
    deployment('of-all', { containers: [{ envFrom: [{ secretRef: { name: search } }] }] }),
    deployment('before', { initContainers: [{ env: [one(search)] }], containers: [{}] }),
    deployment('other', { containers: [{ env: [one('kibana-encryption-keys')] }] }),
  ];
  expect(readersAtStart(objects as Parameters<typeof readersAtStart>[0])).toEqual(['reader', 'of-all', 'before']);
});
