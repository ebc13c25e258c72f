// A stop of a pod that is deleted with less time than it asks for: it ends early enough for Elasticsearch to stop by
// itself.

import { describe, expect, test } from '@jest/globals';
import type { World } from '../../base/elasticsearch/agent/ports.ts';
import { createStop } from '../../base/elasticsearch/agent/stop.ts';
import { bad, good, type Trouble } from '../../base/lib/answer.ts';
import { Scene } from './support/hook.ts';
import { pod, pods } from './support/pictures.ts';

const both = ['load STARTED elasticsearch-1', 'load STARTED elasticsearch-2'];
const only = ['load STARTED elasticsearch-1', 'load UNASSIGNED'];
const CUT = 'the waits are cut to 475 s instead of 5435 s: the pod is granted 600 s (deletionGracePeriodSeconds)';

const granting = (graceSeconds: number | undefined) => ({ pod: async () => good({ graceSeconds }) });
const never = <Value>(): Promise<Value> => new Promise(() => undefined);

/** Its copy cannot be made elsewhere, so it cannot be spared. */
const stuck = (graceSeconds: number | undefined): Scene => {
  const scene = new Scene({ copies: [...only] });
  scene.cluster.heal = () => false;
  scene.kube = granting(graceSeconds);
  return scene;
};

/** Another node has the turn, and gives signs of life. */
const keepTurn = (scene: Scene): void => {
  let nonce = 0;
  const renew = (): void => {
    nonce += 1;
    const { notes } = scene.cluster.state;
    scene.cluster.commit({ notes: new Map(notes).set('turn.elasticsearch-2', `goes 2-${nonce} start-3`) });
    scene.time.at(60, renew);
  };
  renew();
};

describe('a pod that is granted 600 s', () => {
  test('says once that its waits are cut, and leaves with its turn while there is time', async () => {
    const { said, after } = await (async (scene) => scene.hook(await scene.stopOf(pod(1))))(stuck(600));
    const reason = 'waiting: too few other started copies of load/0';
    expect(said.replace(/\d+ s\)$/, 'N s)')).toBe(
      `${CUT}, and Elasticsearch may need 120 s of them\n${reason}\n` +
        `leaving: of the 475 s that the pod is granted for waiting few are left, although: ${reason} (after N s)`,
    );
    expect(after).toBeGreaterThanOrEqual(356);
    expect(after).toBeLessThan(380);
  });

  test('leaves without its turn when no more time is left', async () => {
    const scene = stuck(600);
    keepTurn(scene);
    const { said, after } = await scene.hook(await scene.stopOf(pod(1)));
    expect(said).toMatch(/\nleaving: 475 s have passed, which is all that the pod is granted for waiting$/);
    expect(after).toBe(475);
  });

  test('leaves as early as ever when it can be spared', async () => {
    const scene = new Scene({ copies: both });
    scene.kube = granting(600);
    const { said, after } = await scene.hook(await scene.stopOf(pod(1)));
    expect(said).toMatch(/\nleaving for a restart \(after \d+ s\)$/);
    expect(after).toBeLessThan(15);
  });

  test('gives up its vote before it leaves for good with data on it', async () => {
    const scene = new Scene({
      me: pod(3),
      members: pods(4),
      voters: pods(3),
      copies: ['load STARTED elasticsearch-3', 'load UNASSIGNED'],
    });
    scene.cluster.heal = () => false;
    scene.kube = granting(600);
    const { said, after } = await scene.hook(await scene.stopOf(pod(3)));
    expect(said).toContain('few are left, although: leaving for good: 1 shards are still here');
    expect(after).toBeLessThan(400);
    expect(scene.changes.some((change) => change.startsWith('vote elasticsearch-3'))).toBe(true);
  });

  test('beside an agent that was started in the middle of the stop still ends in time', async () => {
    const scene = stuck(600);
    keepTurn(scene);
    const { after } = await scene.hook(createStop(scene.world(pod(1))), 6000, 400);
    expect(after).toBe(75);
  });

  test('ends in time, too, while a step hangs', async () => {
    const scene = stuck(600);
    const stop = await scene.stopOf(pod(1));
    scene.es = { picture: () => never() };
    expect((await scene.hook(stop)).after).toBe(475);
  });
});

test('a pod that is granted 180 s has 55 s for waiting', async () => {
  const scene = stuck(180);
  keepTurn(scene);
  const { said, after } = await scene.hook(await scene.stopOf(pod(1)));
  expect(said).toContain('the waits are cut to 55 s instead of 5435 s: the pod is granted 180 s');
  expect(after).toBe(55);
});

describe('a pod that is granted 30 s', () => {
  const soon = async (scene: Scene) => scene.hook(await scene.stopOf(pod(1)), 100);

  test('waits for nothing, not for its clients either', async () => {
    const { said, after } = await soon(stuck(30));
    expect(said).toMatch(
      /^nothing is waited for: the pod is granted 30 s .* and Elasticsearch may need 120 s to stop\nleaving: [12] s /,
    );
    expect(after).toBeLessThanOrEqual(2);
  });

  test('waits for nobody who does not answer', async () => {
    const scene = stuck(30);
    scene.es = { picture: () => never() };
    scene.kube = { ...scene.kube, statefulSet: () => never(), namespace: () => never() };
    expect((await soon(scene)).after).toBeLessThanOrEqual(2);
  });

  test('is told so again, when its hook asks again', async () => {
    const scene = stuck(30);
    const stop = await scene.stopOf(pod(1));
    expect((await scene.hook(stop, 100)).after).toBeLessThanOrEqual(2);
    await scene.time.run(scene.time.now + 60);
    expect((await scene.hook(stop, 100)).after).toBe(0);
  });
});

describe('a time that is shortened while the node waits', () => {
  test('counts from the beginning of the stop', async () => {
    const scene = stuck(5700);
    keepTurn(scene);
    const stop = await scene.stopOf(pod(1));
    const first = await scene.hook(stop, 100);
    expect(first).toEqual({ said: expect.not.stringContaining('granted'), after: undefined });
    scene.kube = granting(600);
    const { said, after } = await scene.hook(stop, 6000, 101);
    expect(said).toContain(CUT);
    expect(after).toBe(475 - 101);
  });

  test('and is over already ends the wait at the next look', async () => {
    const scene = stuck(600);
    const stop = await scene.stopOf(pod(1));
    expect((await scene.hook(stop, 200)).after).toBeUndefined();
    // What the API server makes of a time that would end in the past.
    scene.kube = granting(1);
    expect((await scene.hook(stop, 100, 201)).after).toBeLessThanOrEqual(4);
  });

  test.each([
    ['that is longer than the one before', good({ graceSeconds: 5700 })],
    ['of a pod that is not being deleted', good({ graceSeconds: undefined })],
    ['that is no answer', bad('no-answer', 'silent')],
  ] as const)('is not made longer again by one %s', async (_, answer) => {
    const scene = stuck(600);
    keepTurn(scene);
    const stop = await scene.stopOf(pod(1));
    expect((await scene.hook(stop, 100)).after).toBeUndefined();
    scene.kube = { pod: async () => answer };
    expect((await scene.hook(stop, 6000, 101)).after).toBe(475 - 101);
  });
});

describe('what is not known', () => {
  const troubles: Trouble[] = ['no-answer', 'not-listening', 'not-understood', 'forbidden', 'busy', 'absent'];

  /** What the agent's own log says of it, too. */
  const waited = async (scene: Scene) => {
    const lines: string[] = [];
    const world: World = { ...scene.world(pod(1)), say: (level, message) => void lines.push(`${level} ${message}`) };
    const outcome = await scene.hook(createStop(world));
    return { ...outcome, unknown: lines.filter((line) => line.includes('is granted')) };
  };

  test.each(troubles)('because of "%s" leaves the waits as they are configured, and is said once', async (trouble) => {
    const scene = stuck(600);
    scene.kube = { pod: async () => bad(trouble, 'as told') };
    const { said, after, unknown } = await waited(scene);
    expect(said).toContain('leaving: 1800 s have passed');
    expect(after).toBeGreaterThanOrEqual(1805);
    expect(unknown).toEqual([
      'WARN how long this pod is granted for its end is not known (as told): the waits are as configured',
    ]);
  });

  test('since the pod is not being deleted, as when a kubelet shuts down, likewise', async () => {
    const { after, unknown } = await waited(stuck(undefined));
    expect(after).toBeGreaterThanOrEqual(1805);
    expect(unknown).toEqual([expect.stringMatching(/^INFO .* \(it is not being deleted\)/)]);
  });

  test('and known later counts from the beginning', async () => {
    const scene = stuck(600);
    keepTurn(scene);
    scene.kube = { pod: async () => bad('no-answer', 'silent') };
    const stop = await scene.stopOf(pod(1));
    expect((await scene.hook(stop, 300)).after).toBeUndefined();
    scene.kube = granting(600);
    expect((await scene.hook(stop, 6000, 301)).after).toBe(475 - 301);
  });
});

test('a pod that is granted all it asks for waits as ever, and says nothing of it', async () => {
  const { said, after } = await (async (scene) => scene.hook(await scene.stopOf(pod(1))))(stuck(5700));
  expect(said).not.toContain('granted');
  expect(after).toBeGreaterThanOrEqual(1805);
});
