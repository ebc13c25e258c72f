import { describe, expect, test } from '@jest/globals';
import { bad, good } from '../../base/lib/answer.ts';
import { Scene } from './support/hook.ts';
import { pod, pods, type Sketch } from './support/pictures.ts';
import { serve } from './support/serve.ts';

/** Four nodes of which three are wanted; the last one has the only started copies that the lines tell. */
const four = (sketch: Sketch = {}): Scene => new Scene({ me: pod(3), members: pods(4), voters: pods(3), ...sketch });

/** Elasticsearch moves and recovers something every other second. */
const healing = (scene: Scene): Scene => {
  const heal = (): void => {
    scene.cluster.heal();
    scene.time.at(2, heal);
  };
  scene.time.at(102, heal);
  return scene;
};

describe('leaving for good', () => {
  test('keeps shards away, waits for its own to move, gives up its marked vote, leaves nothing behind', async () => {
    const scene = healing(four({ copies: ['load STARTED elasticsearch-3', 'load STARTED elasticsearch-0'] }));
    const { said } = await scene.hook(await scene.stopOf(pod(3)));
    expect(said).toMatch(
      /^leaving for good: 1 shards are still here: load\/0\nleaving for good: the data has moved, the vote is given up/,
    );
    expect(scene.cluster.state).toMatchObject({
      excluded: [pod(3)],
      exclusions: [{ id: `id-${pod(3)}`, name: pod(3) }],
      notes: new Map([
        ['decommissioning', pod(3)],
        ['votes', pod(3)],
      ]),
    });
    expect(scene.cluster.lease.holder).toBeUndefined();
    expect(scene.cluster.formedVoters).toContain(pod(0));
  });

  test('does not write down who votes beside what it could not read', async () => {
    const scene = four();
    scene.cluster.formedVoters = 'id-elasticsearch-9=elasticsearch-9';
    scene.kube = { formed: async () => bad('no-answer', 'cut') };
    expect((await scene.hook(await scene.stopOf(pod(3)))).after).toBeDefined();
    expect(scene.cluster.formedVoters).toBe('id-elasticsearch-9=elasticsearch-9');
  });

  test("keeps an administrator's own exclusions", async () => {
    const scene = four({ excluded: ['coordinating-7'] });
    await scene.hook(await scene.stopOf(pod(3)));
    expect(scene.cluster.state.excluded).toEqual(['coordinating-7', pod(3)]);
    expect(scene.cluster.state.notes.get('decommissioning')).toBe(pod(3));
  });

  test('waits for the turn before it gives up its vote: a node that restarts may count on it', async () => {
    const scene = four({ notes: { 'turn.elasticsearch-0': 'goes 1-1 x' } });
    const { said, after } = await scene.hook(await scene.stopOf(pod(3)), 200);
    expect({ said, after }).toEqual({ said: 'waiting: elasticsearch-0 restarts', after: undefined });
    expect(scene.cluster.state.exclusions).toEqual([]);
  });

  test('with a copy that fits nowhere else keeps the turn, so that nobody else takes the other one away', async () => {
    const scene = four({ copies: [0, 1, 2, 3].map((n) => `load STARTED elasticsearch-${n}`) });
    const { said } = await scene.hook(await scene.stopOf(pod(3)));
    expect(said).toContain('leaving for good: the data has moved');
    expect(scene.cluster.state.notes.get('turn.elasticsearch-3')).toMatch(/^goes /);
    expect(scene.cluster.lease.holder).toBe(pod(3));
  });

  test('gives up the vote of a condemned pod, too, that vanished without its hook and does not lose it', async () => {
    const scene = new Scene({ me: pod(1), members: pods(3) });
    scene.cluster.shrinks = false;
    scene.cluster.formedVoters = pods(3)
      .map((name) => `id-${name}=${name}`)
      .join(',');
    scene.cluster.stop(pod(2));
    scene.wanted.replicas = 1;
    const { said } = await scene.hook(await scene.stopOf(pod(1)));
    expect(said).toContain('leaving for good: the data has moved, the vote is given up');
    expect(scene.cluster.state.voters).toEqual([`id-${pod(0)}`]);
    expect(scene.cluster.state.notes.get('votes')).toBe(`${pod(1)},id-${pod(2)}`);
    scene.cluster.stop(pod(1));
    expect(scene.cluster.harm()).toBeUndefined();
  });

  test('waits, and says why, when nobody knows whose the vote of a vanished node is', async () => {
    const scene = new Scene({ me: pod(1), members: pods(3) });
    scene.cluster.shrinks = false;
    scene.cluster.stop(pod(2));
    scene.wanted.replicas = 1;
    const { said, after } = await scene.hook(await scene.stopOf(pod(1)), 1000);
    expect(said).toContain('leaving for good: the voters that are here would be no majority without this node');
    expect(after).toBeUndefined();
  });

  test('waits while Elasticsearch needs its vote, and says what it says', async () => {
    const scene = new Scene({ me: pod(3), members: [pod(0), pod(3)], voters: [pod(0), pod(1), pod(3)] });
    scene.es = { giveUpVote: async () => bad('refused', 'these nodes would be no cluster') };
    const { said, after } = await scene.hook(await scene.stopOf(pod(3)), 1000);
    expect(said).toContain('the vote cannot be given up yet: these nodes would be no cluster');
    expect(after).toBeUndefined();
  });

  test('of more nodes than there are places for exclusions goes, when a majority stays', async () => {
    const scene = four();
    scene.es = { giveUpVote: async () => bad('refused', 'too many voting exclusions') };
    expect((await scene.hook(await scene.stopOf(pod(3)))).said).toContain('leaving for good: the data has moved');
  });

  test('turns into a restart when the node is wanted again meanwhile, with the whole time of one', async () => {
    const scene = four({ copies: ['load STARTED elasticsearch-3', 'load UNASSIGNED'] });
    scene.cluster.heal = () => false;
    const stop = await scene.stopOf(pod(3));
    expect((await scene.hook(stop, 1790)).after).toBeUndefined();
    scene.wanted.replicas = 4;
    const { said, after } = await scene.hook(stop, 2500, 1790);
    expect(said).toMatch(/^waiting: too few other started copies of load\/0\nleaving: 1800 s have passed/);
    expect(after).toBeGreaterThanOrEqual(1800);
  });

  test('with data on a disk that would be deleted (whenScaled: Delete) outlasts its time', async () => {
    const scene = four({ copies: ['single STARTED elasticsearch-3'] });
    scene.cluster.heal = () => false;
    const look = { replicas: 3, first: 0, deleted: false, keepsPods: false };
    scene.kube = { statefulSet: async () => good({ ...look, deletesClaims: true }) };
    const stop = await scene.stopOf(pod(3));
    expect((await scene.hook(stop, 5000)).after).toBeUndefined();
    scene.kube = { statefulSet: async () => good({ ...look, deletesClaims: false }) };
    const { said } = await scene.hook(stop, 1000, 5000);
    expect(said).toContain(
      'leaving: 3600 s have passed, although: leaving for good: 1 shards are still here: single/0',
    );
    // Its data comes back with its disk; its vote, nobody else could give up.
    expect(scene.cluster.state.exclusions).toEqual([{ id: `id-${pod(3)}`, name: pod(3) }]);
    // With a mark, by which it is known that no person did.
    expect(scene.cluster.state.notes.get('votes')).toBe(pod(3));
  });

  test.each(['about the cluster', 'about its health'])(
    'does not take copies for ones that fit nowhere that may have moved while it heard nothing %s',
    async (what) => {
      const scene = four({ copies: [0, 1, 2, 3].map((n) => `load STARTED elasticsearch-${n}`) });
      const stop = await scene.stopOf(pod(3));
      expect((await scene.hook(stop, 20)).after).toBeUndefined();
      const silent = async () => bad('no-master', 'as told');
      scene.es = what === 'about its health' ? { health: silent } : { picture: silent };
      expect((await scene.hook(stop, 60, 20)).after).toBeUndefined();
      scene.es = {};
      const { after } = await scene.hook(stop, 200, 80);
      expect(after).toBeGreaterThanOrEqual(30);
    },
  );

  test('in the middle of a wait for a restart, and wanted again, is a restart with the whole time of one', async () => {
    const scene = four({ copies: ['load STARTED elasticsearch-3', 'load UNASSIGNED'] });
    scene.cluster.heal = () => false;
    scene.wanted.replicas = 4;
    const stop = await scene.stopOf(pod(3));
    expect((await scene.hook(stop, 1000)).said).toBe('waiting: too few other started copies of load/0');
    scene.wanted.replicas = 3;
    expect((await scene.hook(stop, 1000, 1000)).said).toContain('leaving for good: 1 shards are still here: load/0');
    expect(scene.cluster.state.excluded).toEqual([pod(3)]);
    scene.wanted.replicas = 4;
    // By the agent of the elected master.
    const { run, end } = serve(scene, pod(0));
    await run(100);
    end();
    expect(scene.cluster.state.excluded).toEqual([]);
    const { after } = await scene.hook(stop, 2500, 2100);
    expect(after).toBeGreaterThanOrEqual(1700);
  });

  test('of two at once goes one after the other, by exclusions that are the same from both', async () => {
    const scene = healing(
      new Scene({
        me: pod(4),
        members: pods(5),
        copies: ['load STARTED elasticsearch-4', 'load STARTED elasticsearch-3'],
      }),
    );
    const stops = [await scene.stopOf(pod(3)), await scene.stopOf(pod(4))];
    const outcomes = await Promise.all(stops.map((stop) => scene.hook(stop, 500)));
    for (const { said } of outcomes) expect(said).toContain('the data has moved, the vote is given up');
    expect(scene.cluster.state.excluded).toEqual([pod(3), pod(4)]);
    expect(scene.cluster.state.copies.map(({ node }) => node)).not.toContain(`id-${pod(4)}`);
  });
});
