// In the middle of an upgrade: which yellow is waited for, and which never ends before the next node is new.
import { describe, expect, test } from '@jest/globals';
import { parsePicture } from '../../base/elasticsearch/agent/parse.ts';
import { beginRecovery, decideRecovered, type Recovery } from '../../base/elasticsearch/agent/ready.ts';
import { canBeSpared, harmless } from '../../base/elasticsearch/agent/spare.ts';
import { heldBackByVersion } from '../../base/elasticsearch/agent/versions.ts';
import * as real from './support/answers.ts';
import { health, picture, pods } from './support/pictures.ts';

/** The highest ordinal is rolled first: elasticsearch-2 is new, and elasticsearch-1 stops next. */
const upgrading = { 'elasticsearch-0': '9.5.3', 'elasticsearch-1': '9.5.3', 'elasticsearch-2': '9.5.4' };

const stop = (copies: readonly string[], versions: Readonly<Record<string, string>> = upgrading, me?: string): string =>
  ((verdict) => (verdict.ok ? 'ok' : verdict.reason))(
    canBeSpared(picture({ copies, versions, ...(me === undefined ? {} : { me }) }), 3),
  );
const lacks = 'waiting: too few other started copies of load/0';

describe('the next node stops', () => {
  test.each([
    [
      'a third copy fits on the old ones no more, since the primary is on the new one',
      ['load STARTED elasticsearch-2', 'load STARTED elasticsearch-1', 'load UNASSIGNED'],
    ],
    [
      'an index that was made meanwhile has all that can be of it on the new one',
      ['load STARTED elasticsearch-2', 'load UNASSIGNED', 'load UNASSIGNED'],
    ],
    [
      'everything has its copies, whatever their versions',
      ['load STARTED elasticsearch-2', 'load STARTED elasticsearch-1', 'load STARTED elasticsearch-0'],
    ],
  ])('when %s', (_, copies) => expect(stop(copies)).toBe('ok'));

  test('which without the versions would have been waited for until the bound', () => {
    expect(stop(['load STARTED elasticsearch-2', 'load STARTED elasticsearch-1', 'load UNASSIGNED'], {})).toBe(lacks);
  });
});

describe('it waits', () => {
  test.each([
    [
      'while the third copy recovers, or could: the primary is on an old node',
      ['load STARTED elasticsearch-0', 'load STARTED elasticsearch-1', 'load UNASSIGNED'],
    ],
    [
      'while the one other copy recovers',
      ['load STARTED elasticsearch-1', 'load INITIALIZING elasticsearch-2', 'load UNASSIGNED'],
    ],
  ])('%s', (_, copies) => expect(stop(copies)).toBe(lacks));

  test('where it is the new node, and has the only copy in use', () => {
    const copies = ['load STARTED elasticsearch-2', 'load UNASSIGNED', 'load UNASSIGNED'];
    expect(stop(copies, upgrading, 'elasticsearch-2')).toBe(lacks);
    expect(stop(copies.slice(0, 2), upgrading, 'elasticsearch-2')).toBe(lacks);
    const seen = picture({ copies, versions: upgrading, me: 'elasticsearch-2' });
    expect(harmless(seen, 3)).toBe(false);
  });

  test('where another new node could take the copy', () => {
    const five = { ...upgrading, 'elasticsearch-3': '9.5.4', 'elasticsearch-4': '9.5.4' };
    const copies = ['load STARTED elasticsearch-4', 'load STARTED elasticsearch-1', 'load UNASSIGNED'];
    const verdict = canBeSpared(picture({ copies, versions: five, members: pods(5) }), 5);
    expect(verdict).toMatchObject({ ok: false, reason: lacks });
  });

  test.each([
    ['another word', { ...upgrading, 'elasticsearch-0': 'next' }],
    ['nothing', { 'elasticsearch-1': '9.5.3', 'elasticsearch-2': '9.5.4' }],
    ['the version of the primary in another word', { ...upgrading, 'elasticsearch-2': 'next' }],
  ])('where a node says %s for its version', (_, versions) => {
    expect(stop(['load STARTED elasticsearch-2', 'load STARTED elasticsearch-1', 'load UNASSIGNED'], versions)).toBe(
      lacks,
    );
  });

  test('where nothing of it is unassigned for the sake of versions: they are all the same', () => {
    const same = Object.fromEntries(pods(3).map((name) => [name, '9.5.4']));
    expect(stop(['load STARTED elasticsearch-2', 'load STARTED elasticsearch-1', 'load UNASSIGNED'], same)).toBe(lacks);
  });
});

test.each([
  ['9.5.10', '9.5.9', 1],
  ['9.10.0', '9.9.9', 1],
  ['10.0.0', '9.19.0', 1],
  ['9.6.0-SNAPSHOT', '9.5.3', 1],
  ['9.5.3', '9.5.3', 0],
  ['9.5.3', '9.6.0', 0],
])('a copy whose primary is on %s can not go to a node of %s: %i', (primary, other, heldBack) => {
  const seen = picture({
    members: pods(2),
    copies: ['load STARTED elasticsearch-1', 'load UNASSIGNED'],
    versions: { 'elasticsearch-0': other, 'elasticsearch-1': primary },
  });
  expect([...heldBackByVersion(seen, ['load/0'])]).toEqual([['load/0', heldBack]]);
});

test('the version of each node comes from the cluster state, where it is asked for', () => {
  const nodes = Object.fromEntries(
    Object.entries(real.state.nodes).map(([id, node]) => [
      id,
      { ...node, version: id === real.ME ? '9.5.3' : '9.5.4' },
    ]),
  );
  const answer = parsePicture(real.self, real.noSettings, { ...real.state, nodes }, { podName: 'elasticsearch-0' });
  if (!answer.ok) throw new Error(answer.detail);
  expect([...answer.value.members.values()].map(({ version }) => version)).toEqual(['9.5.3', '9.5.4']);
  // "shards" has two started copies, the primary on the other node, and a third that fits nowhere for another reason.
  expect([...heldBackByVersion(answer.value, ['shards/0'])]).toEqual([['shards/0', 0]]);
});

test('an old node that came back in the middle of it is ready when what it can not take has stood still', () => {
  const waits = { READY_RECOVERY_SECONDS: 3600, READY_STALL_SECONDS: 30 };
  const seen = picture({
    me: 'elasticsearch-0',
    copies: ['load STARTED elasticsearch-2', 'load STARTED elasticsearch-1', 'load UNASSIGNED'],
    versions: upgrading,
  });
  let before: Recovery = beginRecovery(0);
  for (let now = 0; now < 60; now += 1) {
    const state = decideRecovered(before, seen, health(), now, waits);
    if (state.ready) return expect(now).toBe(30);
    before = state.recovery;
  }
  throw new Error('never ready');
});
