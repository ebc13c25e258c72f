import { describe, expect, test } from '@jest/globals';
import { createStop } from '../../base/elasticsearch/agent/stop.ts';
import { bad, good } from '../../base/lib/answer.ts';
import { Scene } from './support/hook.ts';
import { pod } from './support/pictures.ts';

const both = ['load STARTED elasticsearch-1', 'load STARTED elasticsearch-2'];
const only = ['load STARTED elasticsearch-1', 'load UNASSIGNED'];

describe('a restart', () => {
  test('drains, claims its turn, takes the lease, and goes', async () => {
    const scene = new Scene({ copies: both });
    const { said, after } = await scene.hook(await scene.stopOf(pod(1)));
    expect(said).toMatch(/^leaving for a restart \(after \d+ s\)$/);
    expect(after).toBeGreaterThanOrEqual(5);
    expect(after).toBeLessThan(15);
    expect(scene.cluster.lease.holder).toBe(pod(1));
    expect(scene.changes).toHaveLength(1);
    expect(scene.changes[0]).toContain('turn.elasticsearch-1","goes ');
  });

  test('of the only node waits for nothing but the clients', async () => {
    const scene = new Scene({
      me: pod(0),
      members: [pod(0)],
      copies: ['load STARTED elasticsearch-0', 'load UNASSIGNED'],
    });
    scene.wanted.replicas = 1;
    const { said, after } = await scene.hook(await scene.stopOf(pod(0)));
    expect(said).toContain('leaving: a cluster of 1 cannot spare a node anyway');
    expect(after).toBeLessThan(10);
  });

  test('waits for other started copies, says so once, and is bounded', async () => {
    const scene = new Scene({ copies: [...only] });
    scene.cluster.heal = () => false;
    const { said, after } = await scene.hook(await scene.stopOf(pod(1)));
    const reason = 'waiting: too few other started copies of load/0';
    expect(said.replace(/180\d s\)/, 'N s)')).toBe(
      `${reason}\nleaving: 1800 s have passed, although: ${reason} (after N s)`,
    );
    expect(after).toBeGreaterThanOrEqual(1805);
  });

  test('is asked twice, and joined: one claim', async () => {
    const scene = new Scene({ copies: both });
    const stop = await scene.stopOf(pod(1));
    const [first, second] = await Promise.all([scene.hook(stop), scene.hook(stop)]);
    expect([first.after, second.after].every((seconds) => seconds !== undefined && seconds < 20)).toBe(true);
    expect(scene.changes).toHaveLength(1);
  });

  test('that was decided is decided anew when the hook comes late', async () => {
    const scene = new Scene({ copies: both });
    const stop = await scene.stopOf(pod(1));
    expect((await scene.hook(stop)).after).toBeDefined();
    scene.cluster.stop(pod(2));
    await scene.time.run(scene.time.now + 31);
    const { said, after } = await scene.hook(stop, 100);
    expect(after).toBeUndefined();
    expect(said).toContain('no majority');
  });

  test('goes on in another process of the agent, with the time that has passed', async () => {
    const scene = new Scene({ copies: [...only] });
    const stop = createStop(scene.world(pod(1)));
    const { after } = await scene.hook(stop, 6000, 1700);
    expect(after).toBeGreaterThanOrEqual(105);
    expect(after).toBeLessThan(115 + 60);
  });

  test('gives back what another process of the agent claimed, when it has to wait', async () => {
    const scene = new Scene({ copies: [...only], notes: { 'turn.elasticsearch-1': 'goes 1-1 start-2' } });
    scene.cluster.heal = () => false;
    scene.cluster.lease = { holder: pod(1), version: 1 };
    expect((await scene.hook(createStop(scene.world(pod(1))), 30)).after).toBeUndefined();
    expect(scene.cluster.state.notes.get('turn.elasticsearch-1')).toMatch(/^stops /);
    expect(scene.cluster.lease.holder).toBeUndefined();
  });

  test('of the elected master hands the cluster over, and has its vote again', async () => {
    const scene = new Scene({ master: pod(1), copies: both });
    const { said } = await scene.hook(await scene.stopOf(pod(1)));
    expect(said).toMatch(/^handed the cluster over to elasticsearch-\d\nleaving for a restart/);
    expect(scene.cluster.state).toMatchObject({ exclusions: [] });
    expect(scene.cluster.state.notes.has('votes')).toBe(false);
    expect(scene.changes.map((change) => change.split(' ')[0])).toEqual([
      'settings',
      'settings',
      'vote',
      'clear',
      'settings',
    ]);
  });

  test('of the elected master does not touch voting exclusions of others', async () => {
    const scene = new Scene({ master: pod(1), copies: both, votesGivenUp: ['coordinating-7'] });
    const { said } = await scene.hook(await scene.stopOf(pod(1)));
    expect(said).toContain('stops as the elected master: voting exclusions stand');
    expect(scene.changes.some((change) => /^(vote|clear)/.test(change))).toBe(false);
  });

  test('of the elected master happens all the same when nobody takes over', async () => {
    const scene = new Scene({ master: pod(1), copies: both });
    scene.es = { giveUpVote: async () => bad('refused', 'nobody else may be elected') };
    const { said } = await scene.hook(await scene.stopOf(pod(1)));
    expect(said).toContain('stops as the elected master: nobody else may be elected\nleaving for a restart');
  });

  test('is let go by a person, whatever it waits for', async () => {
    const scene = new Scene({ copies: [...only] });
    const stop = await scene.stopOf(pod(1));
    expect((await scene.hook(stop, 100)).after).toBeUndefined();
    stop.letGo();
    expect(await scene.hook(stop)).toEqual({ said: 'leaving: somebody let it go', after: 0 });
  });
});

describe('a StatefulSet that is gone', () => {
  const gone = { statefulSet: async () => bad('absent', '404') };

  test('while its pods stand (--cascade=orphan) lets nobody leave at once', async () => {
    const scene = new Scene({ copies: [...only] });
    scene.kube = gone;
    const { said, after } = await scene.hook(await scene.stopOf(pod(1)), 1000);
    expect({ said, after }).toEqual({ said: 'waiting: too few other started copies of load/0', after: undefined });
    expect(scene.cluster.state.excluded).toEqual([]);
  });

  test('with all its pods lets also those leave that could not be spared, once each knows that all stop', async () => {
    const scene = new Scene({ copies: [...only] });
    scene.cluster.heal = () => false;
    scene.kube = gone;
    const stops = [await scene.stopOf(pod(0)), await scene.stopOf(pod(1)), await scene.stopOf(pod(2))];
    const [, holder] = await Promise.all(stops.map((stop) => scene.hook(stop, 200)));
    expect(holder?.said).toContain('leaving at once: there is no StatefulSet, and all its pods are being stopped');
    expect(holder?.after).toBeLessThan(30);
  });

  test('or scaled to nothing, by a StatefulSet that stands, lets them leave at once', async () => {
    const scene = new Scene({ copies: [...only] });
    scene.wanted.replicas = 0;
    const { said, after } = await scene.hook(await scene.stopOf(pod(1)));
    expect(said).toContain('leaving at once: the whole StatefulSet goes');
    expect(after).toBeLessThan(10);
    expect(scene.changes).toEqual([]);
  });
});

test('the agent that is asked nothing begins no stop', async () => {
  const scene = new Scene();
  const stop = await scene.stopOf(pod(1));
  expect(stop.begun).toBe(false);
  expect(stop.status()).toEqual({ way: 'none', reason: '', since: undefined });
  expect(good(scene.changes)).toEqual(good([]));
});
