import { describe, expect, test } from '@jest/globals';
import { bad, good } from '../../base/lib/answer.ts';
import { Scene } from './support/hook.ts';
import { pod, pods } from './support/pictures.ts';
import { serve } from './support/serve.ts';

describe('a node that is back from a restart', () => {
  test('gives its turn and its lease back when it is ready, not before', async () => {
    const notes = { 'turn.elasticsearch-1': 'goes 1-1 the-start-before' };
    const scene = new Scene({ copies: ['load INITIALIZING elasticsearch-1', 'load STARTED elasticsearch-0'], notes });
    scene.cluster.lease = { holder: pod(1), version: 1 };
    const { run } = serve(scene);
    await run(40);
    expect(scene.cluster.state.notes.size).toBe(1);
    scene.cluster.heal();
    await run(40);
    expect(scene.cluster.state.notes.size).toBe(0);
    expect(scene.cluster.lease.holder).toBeUndefined();
  });

  test("does not give another pod's back", async () => {
    const notes = { 'turn.elasticsearch-2': 'goes 1-1 x' };
    const scene = new Scene({ notes });
    scene.cluster.lease = { holder: pod(2), version: 1 };
    const { run } = serve(scene);
    await run(200);
    expect(scene.cluster.state.notes.size).toBe(1);
    expect(scene.cluster.lease.holder).toBe(pod(2));
  });

  test('tries again while the API server does not answer', async () => {
    const scene = new Scene();
    scene.cluster.lease = { holder: pod(1), version: 1 };
    scene.kube = { giveLeaseBack: async () => bad('no-answer', '') };
    const { run } = serve(scene);
    await run(100);
    expect(scene.cluster.lease.holder).toBe(pod(1));
    scene.kube = {};
    await run(100);
    expect(scene.cluster.lease.holder).toBeUndefined();
  });

  test('keeps what was claimed in the present start: an agent that was killed does not know of the stop', async () => {
    const scene = new Scene({ copies: ['load STARTED elasticsearch-1', 'load STARTED elasticsearch-2'] });
    const before = serve(scene);
    await before.run(100);
    expect((await scene.hook(before.stop)).after).toBeDefined();
    before.end();
    const { run } = serve(scene);
    await run(200);
    expect(scene.cluster.state.notes.get('turn.elasticsearch-1')).toMatch(/^goes /);
    expect(scene.cluster.lease.holder).toBe(pod(1));
  });
});

describe("the elected master's agent", () => {
  const left = { excluded: [pod(3)], notes: { decommissioning: pod(3), votes: pod(3) }, votesGivenUp: [pod(3)] };

  test('takes back what nodes that are gone wrote, and remembers the voters', async () => {
    const scene = new Scene({ me: pod(0), ...left });
    const { run } = serve(scene, pod(0));
    await run(40);
    expect(scene.cluster.state).toMatchObject({ excluded: [], exclusions: [], notes: new Map() });
    expect(scene.cluster.formedVoters).toBe(
      pods(3)
        .map((name) => `id-${name}=${name}`)
        .join(','),
    );
  });

  test('takes nothing back when nobody can tell who is wanted', async () => {
    const scene = new Scene({ me: pod(0), ...left });
    scene.kube = { statefulSet: async () => bad('forbidden', '') };
    const { run } = serve(scene, pod(0));
    await run(100);
    expect(scene.cluster.state).toMatchObject({ excluded: [pod(3)] });
  });

  test('knows how many nodes are wanted, as long as the API server says so', async () => {
    const scene = new Scene({ me: pod(0) });
    const { run, world } = serve(scene, pod(0));
    await run(60);
    expect(world.record.look().wantedNodes).toBe(3);
    scene.wanted.replicas = 5;
    await run(60);
    expect(world.record.look().wantedNodes).toBe(5);
    scene.kube = { statefulSet: async () => bad('no-answer', '') };
    await run(200);
    expect(world.record.look().wantedNodes).toBeNull();
  });

  test('looks every 30 s, not at each step', async () => {
    const scene = new Scene({ me: pod(0) });
    const served = serve(scene, pod(0));
    await served.run(60);
    let looks = 0;
    scene.kube = {
      statefulSet: async () => {
        looks += 1;
        return good({ replicas: 3, first: 0, deleted: false, keepsPods: false, deletesClaims: false });
      },
    };
    await served.run(300);
    expect(looks).toBeGreaterThanOrEqual(8);
    expect(looks).toBeLessThanOrEqual(10);
  });

  test('is the only one that does', async () => {
    const scene = new Scene({ me: pod(1), ...left });
    const { run } = serve(scene, pod(1));
    await run(100);
    expect(scene.cluster.state).toMatchObject({ excluded: [pod(3)] });
  });

  test("leaves an administrator's voting exclusion, and says so once", async () => {
    const scene = new Scene({ me: pod(0), votesGivenUp: ['coordinating-7'] });
    const { run, said } = serve(scene, pod(0));
    await run(200);
    expect(scene.cluster.state.exclusions).toHaveLength(1);
    expect(said.filter((line) => line.includes('that no agent wrote stand: coordinating-7'))).toHaveLength(1);
  });
});
