// What only the check before an upgrade asks, and what is read of the answers. What is not understood is never a yes.
import { describe, expect, test } from '@jest/globals';
import type { IStatefulSet } from 'kubernetes-models/apps/v1';
import { type EsAnswer, readAnswer } from '../../../scripts/lib/cluster/elasticsearch.ts';
import { deprecationsVerdict } from '../../../scripts/lib/questions/deprecations.ts';
import { judge, known } from '../../../scripts/lib/questions/known.ts';
import { archivedVerdict, underWayVerdict } from '../../../scripts/lib/questions/leftovers.ts';
import { rolledVerdict } from '../../../scripts/lib/questions/pods.ts';
import { set } from '../support/standing.ts';
import { settings } from './support.ts';

test.each([
  ['{"a":1}\n200', { ok: true, value: { a: 1 } }],
  ['{"a":\n200', { ok: false, why: 'the answer to GET /x is cut, or no JSON' }],
  ['{}\n404', { ok: false, why: 'GET /x was answered with 404', status: 404 }],
  ['\n000', { ok: false, why: 'GET /x was not answered' }],
  ['{}\n401', { ok: false, status: 401, why: expect.stringContaining('elasticsearch-user-elastic') }],
])('curl says %j', (stdout, answer) => {
  expect(readAnswer('GET', '/x?y', stdout)).toEqual(answer);
});

test('settings that another version has kept, and nodes that are being stopped', () => {
  expect(archivedVerdict(settings()).says).toBe('yes');
  expect(archivedVerdict(settings({ 'archived.indices.old': 'x' })).says).toBe('no');
  expect(archivedVerdict(settings({}, { 'archived.indices.old': 'x' })).detail).toContain('archived.indices.old');
  expect(underWayVerdict(settings()).says).toBe('yes');
  expect(
    underWayVerdict(settings({ 'cluster.metadata.delivery-reviews.turn.elasticsearch-0': 'goes 1 x' })),
  ).toMatchObject({ says: 'no', detail: 'turn.elasticsearch-0: goes 1 x' });
});

test.each<[string, object, string]>([
  ['rolls', {}, 'yes'],
  ['keeps pods back', { updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 2 } } }, 'no'],
  ['rolls nothing', { updateStrategy: { type: 'OnDelete' } }, 'no'],
])('a StatefulSet that %s', (_, spec, says) => {
  const plain = set();
  expect(rolledVerdict({ ...plain, spec: { ...plain.spec, ...spec } } as IStatefulSet).says).toBe(says);
});

describe('deprecations', () => {
  const empty = { cluster_settings: [], node_settings: [], index_settings: {}, ml_settings: [] };
  const critical = { level: 'critical', message: 'old index', url: 'x' };
  const verdict = (answer: EsAnswer) => judge('x', known(answer), deprecationsVerdict);
  test.each<[string, unknown, string]>([
    ['none', empty, 'yes'],
    ['a warning', { ...empty, index_settings: { a: [{ ...critical, level: 'warning' }] } }, 'yes'],
    ['a critical one', { ...empty, index_settings: { a: [critical] } }, 'no'],
    ['a critical one under a name that is not known here', { ...empty, later: { a: [critical] } }, 'no'],
    ['a level that is not known here', { ...empty, node_settings: [{ ...critical, level: 'fatal' }] }, 'not known'],
    ['a part that is missing', { cluster_settings: [] }, 'not known'],
    ['something else', [], 'not known'],
  ])('%s', (_, value, says) => expect(verdict({ ok: true, value }).says).toBe(says));
  test('of a server that does not tell them are not known, not none', () => {
    expect(verdict({ ok: false, why: 'GET /x was answered with 400', status: 400 })).toMatchObject({
      says: 'not known',
      detail: 'GET /x was answered with 400: this server does not tell them',
    });
  });
});
