import { describe, expect, test } from '@jest/globals';
import { TROUBLES } from '../../base/elasticsearch/agent/bounds.ts';
import { bad, good, type Trouble } from '../../base/lib/answer.ts';
import { Scene } from './support/hook.ts';
import { pod, pods } from './support/pictures.ts';

const both = ['load STARTED elasticsearch-1', 'load STARTED elasticsearch-2'];
const only = ['load STARTED elasticsearch-1', 'load UNASSIGNED'];
const all: Trouble[] = ['no-answer', 'not-listening', 'not-understood', 'forbidden', 'busy', 'refused', 'conflict'];

describe('an Elasticsearch', () => {
  const answering = (trouble: Trouble) => ({ picture: async () => bad(trouble, 'as told') });

  test.each([...all.filter((trouble) => trouble !== 'not-listening'), 'no-master' as const])(
    'that answers "%s" from the first question on holds its node to the bound',
    async (trouble) => {
      const scene = new Scene({ copies: [...only] });
      scene.es = answering(trouble);
      const { said, after } = await scene.hook(await scene.stopOf(pod(1)));
      expect(after).toBeGreaterThanOrEqual(1805);
      expect(said).toContain('leaving: 1800 s have passed, although: waiting: ');
    },
  );

  test.each([...all.filter((trouble) => trouble !== 'not-listening'), 'no-master' as const])(
    'that answers "%s" holds a node that leaves for good to its bound, and says so',
    async (trouble) => {
      const scene = new Scene({ me: pod(3), members: pods(4), voters: pods(3) });
      scene.es = answering(trouble);
      const { said, after } = await scene.hook(await scene.stopOf(pod(3)));
      expect(after).toBeGreaterThanOrEqual(3605);
      expect(said).toContain(`leaving for good: ${TROUBLES[trouble]}\nleaving: 3600 s have passed, although`);
    },
  );

  test('that has no master for a moment, and then another one, makes its node wait for as long', async () => {
    const scene = new Scene({ master: pod(0), copies: both });
    scene.cluster.lease = { holder: pod(2), version: 1 };
    const stop = await scene.stopOf(pod(1));
    expect((await scene.hook(stop, 20)).after).toBeUndefined();
    for (const round of [0, 1, 2]) {
      scene.es = answering('no-master');
      expect((await scene.hook(stop, 25, 20 + 30 * round)).after).toBeUndefined();
      scene.es = {};
      scene.cluster.commit({ master: `id-${pod(2)}` });
      expect((await scene.hook(stop, 5, 45 + 30 * round)).after).toBeUndefined();
    }
    scene.cluster.lease = { holder: undefined, version: 2 };
    expect((await scene.hook(stop, 30, 110)).said).toContain('leaving for a restart');
  });

  const inNoCluster = {
    picture: async () => bad('no-master', 'as told'),
    recovered: async () => good(false),
  };

  test('that is in no cluster lets its node restart, whoever has the turn', async () => {
    const scene = new Scene({ copies: [...only] });
    scene.cluster.lease = { holder: pod(2), version: 1 };
    scene.es = inNoCluster;
    const { said, after } = await scene.hook(await scene.stopOf(pod(1)));
    expect(said).toContain('leaving: no master is elected for 30 s, and no copy on this node is in use');
    expect(said).not.toContain('although');
    expect(after).toBeLessThan(45);
  });

  test('that is in no cluster holds a node that leaves for good: its disk may be the last with the data', async () => {
    const scene = new Scene({ me: pod(3), members: pods(4), voters: pods(3) });
    scene.es = inNoCluster;
    const { after } = await scene.hook(await scene.stopOf(pod(3)));
    expect(after).toBeGreaterThanOrEqual(3605);
  });

  test('that had a cluster until a moment ago counts the time in which it has none anew', async () => {
    const scene = new Scene({ copies: [...only] });
    scene.es = answering('no-master');
    const stop = await scene.stopOf(pod(1));
    expect((await scene.hook(stop, 100)).after).toBeUndefined();
    scene.es = inNoCluster;
    expect((await scene.hook(stop, 25, 100)).after).toBeUndefined();
    expect((await scene.hook(stop, 15, 125)).after).toBeDefined();
  });

  test.each([bad('no-answer', ''), bad('not-understood', ''), bad('forbidden', '')])(
    'that does not say whether it is in a cluster is waited for (%j)',
    async (answer) => {
      const scene = new Scene({ copies: [...only] });
      scene.es = { ...inNoCluster, recovered: async () => answer };
      expect((await scene.hook(await scene.stopOf(pod(1)))).after).toBeGreaterThanOrEqual(1805);
    },
  );

  test('that does not run has nothing to protect', async () => {
    const scene = new Scene({ copies: [...only] });
    scene.es = answering('not-listening');
    const { said, after } = await scene.hook(await scene.stopOf(pod(1)));
    expect(said).toContain('leaving: Elasticsearch does not listen for 30 s');
    expect(after).toBeLessThan(45);
  });

  test.each(['no-master', 'no-answer'] as const)(
    'that falls silent (%s) lets its node go, with the lease, where it was harmless',
    async (trouble) => {
      const scene = new Scene({ copies: both });
      scene.cluster.lease = { holder: pod(2), version: 1 };
      const stop = await scene.stopOf(pod(1));
      expect((await scene.hook(stop, 20)).after).toBeUndefined();
      scene.es = answering(trouble);
      expect((await scene.hook(stop, 100)).after).toBeUndefined();
      scene.cluster.lease = { holder: undefined, version: 2 };
      expect((await scene.hook(stop, 10)).said).toContain('for 30 s, although');
    },
  );

  test('whose health times out for the whole stop (408) holds a node that leaves for good', async () => {
    const scene = new Scene({ me: pod(3), members: pods(4), voters: pods(3) });
    scene.es = { health: async () => bad('busy', '408') };
    const { said, after } = await scene.hook(await scene.stopOf(pod(3)));
    expect(after).toBeGreaterThanOrEqual(3605);
    expect(said).toContain('leaving for good: no answer about the cluster (busy)');
  });
});
