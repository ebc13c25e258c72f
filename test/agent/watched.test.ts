// What can be watched of an agent while its node lives, over the simulated cluster.
import { describe, expect, test } from '@jest/globals';
import { bad, good } from '../../base/lib/answer.ts';
import { Scene } from './support/hook.ts';
import { pod, pods } from './support/pictures.ts';
import { serve } from './support/serve.ts';

const both = ['load STARTED elasticsearch-1', 'load STARTED elasticsearch-2'];
const only = ['load STARTED elasticsearch-1', 'load UNASSIGNED'];

type Served = ReturnType<typeof serve>;
const look = ({ world }: Served) => world.record.look();
const actions = ({ scene }: Served): string[] => scene.decided.map(({ decision }) => decision);
const isCounted = (served: Served): void => {
  const counted = Object.entries(look(served).decisions).flatMap(([kind, n]) => Array.from({ length: n }, () => kind));
  expect(counted.sort()).toEqual(actions(served).sort());
};

describe('a node that starts', () => {
  test('waits for its shards, and serves', async () => {
    const scene = new Scene({ copies: ['load INITIALIZING elasticsearch-1', 'load STARTED elasticsearch-0'] });
    const served = serve(scene);
    await served.run(60);
    expect(look(served)).toMatchObject({ phase: 'starting', wait: { for: 'recovery', reason: 'shards recover' } });
    expect(look(served).wait?.seconds).toBeGreaterThan(50);
    scene.cluster.heal();
    await served.run(5);
    expect(look(served)).toMatchObject({ phase: 'serving', wait: null });
    expect(scene.decided).toEqual([
      { decision: 'wait', waitsFor: 'recovery' },
      { decision: 'admit', seconds: expect.any(Number) },
    ]);
    expect(scene.decided[1]?.seconds).toBeGreaterThan(50);
    isCounted(served);
  });

  test.each([
    ['no-master', 'master'],
    ['not-listening', 'elasticsearch'],
    ['not-understood', 'elasticsearch'],
  ] as const)('and hears "%s" waits for: %s', async (trouble, waitsFor) => {
    const scene = new Scene();
    scene.es = { self: async () => bad(trouble, 'as told') };
    const served = serve(scene);
    await served.run(20);
    expect(look(served)).toMatchObject({ phase: 'starting', wait: { for: waitsFor } });
  });

  test('whose probe has not named its start stays in the phase that its configuration has', async () => {
    const served = serve(new Scene(), pod(1), { start: async () => undefined });
    await served.run(20);
    expect(look(served)).toMatchObject({ phase: 'preparing', wait: null });
    served.world.record.enter('starting');
    await served.run(20);
    expect(look(served)).toMatchObject({ phase: 'starting', wait: { for: 'start' } });
  });

  test('of another cluster waits for a person', async () => {
    const served = serve(new Scene(), pod(1), { knownCluster: async () => 'another' });
    await served.run(20);
    expect(look(served)).toMatchObject({ phase: 'starting', wait: { for: 'cluster' } });
  });

  test('and cannot make the cluster known waits for the API server', async () => {
    const scene = new Scene();
    scene.kube = { markFormed: async () => bad('forbidden', '') };
    const served = serve(scene, pod(1), { knownCluster: async () => undefined });
    await served.run(20);
    expect(look(served)).toMatchObject({ phase: 'starting', wait: { for: 'kubernetes' } });
    scene.kube = {};
    await served.run(20);
    expect(look(served).decisions).toMatchObject({ 'mark-formed': 1, admit: 1 });
  });
});

describe('a restart', () => {
  test('that waits says for what, and since when, and each reason is one decision', async () => {
    const scene = new Scene({ copies: [...only] });
    scene.cluster.heal = () => false;
    const served = serve(scene);
    await served.run(100);
    scene.decided.length = 0;
    const begin = look(served).decisions.wait;
    expect((await scene.hook(served.stop, 300)).after).toBeUndefined();
    expect(look(served)).toMatchObject({
      phase: 'stopping-restart',
      wait: { for: 'copies', reason: 'waiting: too few other started copies of load/0' },
    });
    expect(look(served).phaseSeconds).toBeCloseTo(301, -1);
    expect(look(served).wait?.seconds).toBeGreaterThan(280);
    expect(scene.decided).toEqual([{ decision: 'wait', waitsFor: 'copies', way: 'restart' }]);
    expect(look(served).decisions.wait).toBe(begin + 1);
  });

  test('claims its turn and leaves: a decision each', async () => {
    const served = serve(new Scene({ copies: both }));
    await served.run(100);
    expect((await served.scene.hook(served.stop)).after).toBeDefined();
    expect(actions(served)).toEqual(['admit', 'claim-turn', 'leave']);
    expect(served.scene.decided[2]).toMatchObject({ way: 'restart', seconds: expect.any(Number) });
    expect(look(served)).toMatchObject({ phase: 'stopping-restart', wait: null });
    isCounted(served);
  });

  test('waits for the turn of another one, and for the API server where that cannot be asked', async () => {
    const scene = new Scene({ copies: both });
    scene.cluster.lease = { holder: pod(2), version: 1 };
    const served = serve(scene);
    await served.run(100);
    expect((await scene.hook(served.stop, 30)).after).toBeUndefined();
    expect(look(served).wait).toMatchObject({ for: 'turn', reason: 'waiting: elasticsearch-2 restarts' });
    scene.kube = { holdLease: async () => bad('no-answer', '') };
    expect((await scene.hook(served.stop, 10, 31)).after).toBeUndefined();
    expect(look(served).wait).toMatchObject({ for: 'kubernetes' });
  });

  test('without an answer, which waits for the lease, says each once, and not at each look', async () => {
    const scene = new Scene({ copies: both });
    scene.cluster.lease = { holder: pod(2), version: 1 };
    const served = serve(scene);
    await served.run(100);
    await scene.hook(served.stop, 20);
    scene.decided.length = 0;
    scene.es = { picture: async () => bad('no-answer', 'as told') };
    expect((await scene.hook(served.stop, 200, 21)).after).toBeUndefined();
    expect(scene.decided.map(({ decision, waitsFor }) => `${decision} ${waitsFor}`)).toEqual([
      'wait elasticsearch',
      'wait turn',
    ]);
    expect(look(served).wait?.seconds).toBeGreaterThan(150);
  });

  test('of the elected master is handed over: one decision, and whether it came about', async () => {
    const served = serve(new Scene({ master: pod(1), copies: both }));
    await served.run(100);
    await served.scene.hook(served.stop);
    expect(served.scene.decided.filter(({ decision }) => decision === 'hand-over')).toEqual([
      { decision: 'hand-over', outcome: 'success', way: 'restart' },
    ]);
    isCounted(served);
  });

  test('whose time is over leaves anyway', async () => {
    const scene = new Scene({ copies: [...only] });
    scene.cluster.heal = () => false;
    const served = serve(scene);
    await served.run(100);
    expect((await scene.hook(served.stop)).after).toBeDefined();
    expect(actions(served).slice(-1)).toEqual(['leave-anyway']);
    isCounted(served);
  });

  test('that is in no cluster leaves in order: nobody needs to be told', async () => {
    const scene = new Scene({ copies: [...only] });
    scene.es = { picture: async () => bad('no-master', 'as told'), recovered: async () => good(false) };
    const served = serve(scene);
    expect((await scene.hook(served.stop)).after).toBeLessThan(45);
    expect(actions(served).slice(-1)).toEqual(['leave']);
    isCounted(served);
  });

  test('that a person lets go has no line of the agent about the same', async () => {
    const scene = new Scene({ copies: [...only] });
    const served = serve(scene);
    await served.run(100);
    await scene.hook(served.stop, 100);
    scene.decided.length = 0;
    served.said.length = 0;
    served.stop.letGo();
    served.stop.letGo();
    expect(await scene.hook(served.stop)).toEqual({ said: 'leaving: somebody let it go', after: 0 });
    await served.run(10);
    expect(actions(served)).toEqual(['leave']);
    expect(served.said).toHaveLength(1);
  });

  test('that ends without an end of the node is over: it serves again', async () => {
    const served = serve(new Scene({ copies: both }));
    await served.run(100);
    await served.scene.hook(served.stop);
    await served.run(400);
    expect(look(served)).toMatchObject({ phase: 'serving', wait: null });
    expect(look(served).phaseSeconds).toBeLessThan(200);
    expect(look(served).decisions.resume).toBe(1);
  });
});

test('a decommission keeps shards away, waits for them to move, and gives up its vote: a decision each', async () => {
  const copies = ['load STARTED elasticsearch-3', 'load STARTED elasticsearch-0'];
  const scene = new Scene({ me: pod(3), members: pods(4), voters: pods(4), copies });
  const served = serve(scene, pod(3));
  await served.run(100);
  expect((await scene.hook(served.stop, 10)).after).toBeUndefined();
  expect(look(served)).toMatchObject({ phase: 'stopping-decommission', wait: { for: 'move' } });
  while (scene.cluster.heal());
  expect((await scene.hook(served.stop, 200, 11)).after).toBeDefined();
  expect(actions(served)).toEqual(['admit', 'exclude', 'wait', 'claim-turn', 'give-up-vote', 'leave']);
  isCounted(served);
});
