// A stop beside an API server that does not answer, or late, or with somebody else's lease.

import { describe, expect, test } from '@jest/globals';
import { bad, good, type Trouble } from '../../base/lib/answer.ts';
import { Scene } from './support/hook.ts';
import { pod, pods } from './support/pictures.ts';

const both = ['load STARTED elasticsearch-1', 'load STARTED elasticsearch-2'];
const all: Trouble[] = ['no-answer', 'not-listening', 'not-understood', 'forbidden', 'busy', 'refused', 'conflict'];

/** The API server answers nothing but that, whatever is asked. */
const apiServer = (trouble: Trouble) => {
  const answer = async () => bad(trouble, 'as told');
  return {
    statefulSet: answer,
    namespace: answer,
    pod: answer,
    lease: answer,
    holdLease: answer,
    takeLease: answer,
    giveLeaseBack: answer,
    formed: answer,
    noteVoters: answer,
  };
};

describe('an API server', () => {
  test.each(all)('that answers "%s" for the whole stop lets two nodes go one after the other', async (trouble) => {
    const scene = new Scene({ copies: [...both, 'load STARTED elasticsearch-0'] });
    scene.kube = apiServer(trouble);
    const [one, two] = [await scene.stopOf(pod(1)), await scene.stopOf(pod(2))];
    const outcomes = await Promise.all([scene.hook(one, 200), scene.hook(two, 200)]);
    expect(outcomes.filter(({ after }) => after !== undefined)).toHaveLength(1);
    expect(outcomes.map(({ said }) => said).join('\n')).toContain('leaving for a restart');
  });

  test.each(all)(
    'that answers "%s" makes no restart of a decommission, nor a decommission of a restart',
    async (trouble) => {
      const scene = new Scene({
        me: pod(3),
        members: pods(4),
        voters: pods(3),
        copies: ['load STARTED elasticsearch-3', 'load UNASSIGNED'],
      });
      scene.cluster.heal = () => false;
      const stop = await scene.stopOf(pod(3));
      await Promise.all([stop.lookAtWanted(), scene.time.run(scene.time.now + 5)]);
      scene.kube = apiServer(trouble);
      const { said, after } = await scene.hook(stop, 1000);
      expect({ said, after }).toEqual({
        said: 'leaving for good: 1 shards are still here: load/0',
        after: undefined,
      });

      const blank = new Scene({ me: pod(3), members: pods(4), voters: pods(3) });
      blank.kube = apiServer(trouble);
      expect((await blank.hook(await blank.stopOf(pod(3)))).said).toContain('leaving for a restart');
      expect(blank.cluster.state.excluded).toEqual([]);
    },
  );

  test('that takes 7 s for each answer lets a node go all the same', async () => {
    const scene = new Scene({ copies: both });
    const slow = async <Value>(value: Value) => {
      await scene.time.sleep(7);
      return good(value);
    };
    const held = { holder: pod(1), version: '1' };
    const look = { replicas: 3, first: 0, deleted: false, keepsPods: false, deletesClaims: false };
    scene.kube = {
      statefulSet: () => slow(look),
      namespace: () => slow({ terminating: false }),
      holdLease: () => slow(held),
    };
    const { said, after } = await scene.hook(await scene.stopOf(pod(1)));
    expect(said).toMatch(/^leaving for a restart/);
    expect(after).toBeLessThan(90);
  });

  test('that gives the lease makes it look again: whoever had it may have stopped since the last picture', async () => {
    const scene = new Scene({ copies: both });
    const stop = await scene.stopOf(pod(1));
    scene.kube = {
      holdLease: async () => {
        scene.kube = {};
        scene.cluster.stop(pod(2));
        return good({ holder: pod(1), version: '1' });
      },
    };
    const { said, after } = await scene.hook(stop, 100);
    expect({ said, after }).toEqual({
      said: 'waiting: without this node the voters that are here are no majority',
      after: undefined,
    });
  });

  test('with a lease that another pod renews makes it wait; clocks of other machines do not count', async () => {
    const scene = new Scene({ copies: both });
    scene.cluster.lease = { holder: pod(2), version: 1 };
    const stop = await scene.stopOf(pod(1));
    const renew = (): void => {
      scene.cluster.lease = { holder: pod(2), version: scene.cluster.lease.version + 1 };
      if (scene.time.now < 900) scene.time.at(60, renew);
    };
    renew();
    const { said, after } = await scene.hook(stop, 2000);
    expect(said).toMatch(/^waiting: elasticsearch-2 restarts\nleaving for a restart/);
    expect(after).toBeGreaterThan(900 - 160 + 300);
  });
});
