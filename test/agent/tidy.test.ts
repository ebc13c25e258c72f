import { describe, expect, test } from '@jest/globals';
import { EXCLUDE_NAME, NOTES } from '../../base/elasticsearch/agent/parse.ts';
import { findLitter, type Litter } from '../../base/elasticsearch/agent/tidy.ts';
import { picture, pod, pods, type Sketch } from './support/pictures.ts';

const place = { set: 'elasticsearch', replicas: 3, first: 0 };
const litter = (sketch: Sketch, wanted: typeof place | undefined = place): Litter =>
  findLitter(picture({ me: pod(0), master: pod(0), ...sketch }), wanted);
const changes = (sketch: Sketch): unknown[] => [...litter(sketch).changes];

const excluded = ['elasticsearch-3', 'elasticsearch-4'];
const decommissioning = excluded.join(',');

describe('what leaving nodes wrote', () => {
  test('is taken back when they are gone', () => {
    const votes = decommissioning;
    const found = litter({
      excluded,
      votesGivenUp: excluded,
      notes: { decommissioning, votes, 'turn.elasticsearch-3': 'goes 1 x' },
    });
    expect([...found.changes]).toEqual([
      [EXCLUDE_NAME, null],
      [`${NOTES}decommissioning`, null],
      [`${NOTES}votes`, null],
      [`${NOTES}turn.elasticsearch-3`, null],
    ]);
    expect(found.clearVotes).toBe(true);
  });

  test('stays while they leave', () => {
    const notes = { decommissioning, votes: 'elasticsearch-3', 'turn.elasticsearch-3': 'goes 1 x' };
    const found = litter({ members: pods(5), excluded, votesGivenUp: ['elasticsearch-3'], notes });
    expect(found).toMatchObject({ changes: new Map(), clearVotes: false });
  });

  test('is taken back from a node that is wanted again, but the votes only when nobody leaves', () => {
    const notes = { decommissioning, votes: decommissioning };
    const found = findLitter(
      picture({ me: pod(0), master: pod(0), members: pods(5), excluded, votesGivenUp: excluded, notes }),
      { ...place, replicas: 4 },
    );
    expect([...found.changes]).toEqual([
      [EXCLUDE_NAME, 'elasticsearch-4'],
      [`${NOTES}decommissioning`, 'elasticsearch-4'],
    ]);
    expect(found.clearVotes).toBe(false);
  });

  test('by the id of a node that vanished is cleared, too', () => {
    const seen = picture({ me: pod(0), master: pod(0), notes: { votes: 'gone-id' } });
    expect(findLitter({ ...seen, votesGivenUp: [{ id: 'gone-id', name: '_absent_' }] }, place)).toMatchObject({
      clearVotes: true,
      foreignVotes: [],
    });
  });

  test('a mark of a node that is about to give up its vote stays', () => {
    expect(changes({ members: pods(4), notes: { votes: 'elasticsearch-3' } })).toEqual([]);
  });

  test('a register of a wanted pod stays, whoever it is, and one that is none of ours', () => {
    expect(changes({ notes: { 'turn.elasticsearch-2': 'goes 1 x', 'turn.coordinating-7': 'goes 1 x' } })).toEqual([]);
  });
});

describe("an administrator's own", () => {
  test('exclusions stay, beside those that go', () => {
    expect(
      changes({
        excluded: ['coordinating-7', 'elasticsearch-3', 'elasticsearch-0'],
        notes: { decommissioning: 'elasticsearch-3' },
      }),
    ).toEqual([
      [EXCLUDE_NAME, 'coordinating-7,elasticsearch-0'],
      [`${NOTES}decommissioning`, null],
    ]);
    expect(changes({ excluded })).toEqual([]);
  });

  test('voting exclusion keeps all of them, since only all can be cleared, and is told', () => {
    const found = litter({ votesGivenUp: ['elasticsearch-4', 'coordinating-7'], notes: { votes: 'elasticsearch-4' } });
    expect(found).toMatchObject({ clearVotes: false, foreignVotes: ['coordinating-7'] });
    // The mark is what tells it from a person's, as long as it stands.
    expect([...found.changes]).toEqual([]);
  });
});

test('nothing is litter when nobody can tell who is wanted', () => {
  expect(findLitter(picture({ me: pod(0), master: pod(0), excluded, notes: { decommissioning } }), undefined)).toEqual({
    changes: new Map(),
    clearVotes: false,
    foreignVotes: [],
  });
});

test("it is the elected master's to take back", () => {
  expect(litter({ me: pod(1), excluded, notes: { decommissioning } }).changes.size).toBe(0);
});
