import { describe, expect, test } from '@jest/globals';
import { decideWanted, type Wanted } from '../../base/elasticsearch/agent/wanted.ts';
import { bad, good, type Trouble } from '../../base/lib/answer.ts';

const set = { replicas: 3, first: 0, deleted: false, keepsPods: false, deletesClaims: false };
const stands = good({ terminating: false });
const wanted = (look: Parameters<typeof decideWanted>[1], namespace = stands, last?: Wanted): Wanted =>
  decideWanted('elasticsearch-4', look, namespace, last);
const three: Wanted = {
  kind: 'number',
  place: { set: 'elasticsearch', replicas: 3, first: 0 },
  deletesClaims: false,
  fresh: true,
};

describe('how many pods are wanted', () => {
  test('is what the StatefulSet says', () => {
    expect(wanted(good(set))).toEqual(three);
    expect(wanted(good({ ...set, replicas: 3, first: 5, deletesClaims: true }))).toMatchObject({
      place: { replicas: 3, first: 5 },
      deletesClaims: true,
    });
  });

  test.each([
    ['it is scaled to nothing', good({ ...set, replicas: 0 }), stands],
    ['it is being deleted with its pods', good({ ...set, deleted: true }), stands],
    ['its namespace goes', good(set), good({ terminating: true })],
    ['its namespace goes, and it is gone', bad('absent', ''), good({ terminating: true })],
  ] as const)('is nothing when %s', (_, look, namespace) => {
    expect(wanted(look, namespace)).toEqual({ kind: 'nothing' });
  });

  test('is not nothing when the StatefulSet is deleted, or gone, and its pods may be kept (--cascade=orphan)', () => {
    expect(wanted(good({ ...set, deleted: true, keepsPods: true }))).toEqual({ kind: 'unowned' });
    expect(wanted(bad('absent', ''))).toEqual({ kind: 'unowned' });
    expect(wanted(bad('absent', ''), stands, three)).toEqual({ kind: 'unowned' });
  });

  const troubles: Trouble[] = [
    'no-answer',
    'not-listening',
    'not-understood',
    'forbidden',
    'busy',
    'refused',
    'conflict',
  ];
  test.each(troubles)('is the last known when the API server answers with "%s", or not known at all', (trouble) => {
    const silent = bad(trouble, '');
    expect(wanted(silent, silent as never, three)).toEqual({ ...three, fresh: false });
    expect(wanted(silent, silent as never)).toEqual({ kind: 'unknown', reason: trouble });
    expect(wanted(silent, silent as never, { kind: 'unowned' })).toEqual({ kind: 'unowned' });
  });
});
