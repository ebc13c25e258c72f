// A stop that is not the end of its pod: the container is started anew in it, or the hook is gone and the node stays.

import { describe, expect, test } from '@jest/globals';
import { Scene } from './support/hook.ts';
import { pod } from './support/pictures.ts';
import { serve } from './support/serve.ts';

const both = ['load STARTED elasticsearch-1', 'load STARTED elasticsearch-2'];
const only = ['load STARTED elasticsearch-1', 'load UNASSIGNED'];

/** Its container is started anew in the same pod, beside the same agent. */
const startAnew = ({ scene, files }: ReturnType<typeof serve>): void => {
  scene.cluster.stop(pod(1));
  scene.cluster.start(pod(1));
  files.name = '2';
};

describe('a node whose container is started anew in its pod', () => {
  test('is admitted, and gives its turn and its lease back', async () => {
    const scene = new Scene({ copies: both });
    const served = serve(scene);
    await served.run(100);
    expect((await scene.hook(served.stop)).after).toBeDefined();
    startAnew(served);
    while (scene.cluster.heal());
    await served.run(60);
    expect([...served.files.admittedNames]).toEqual(['1', '2']);
    expect(scene.cluster.state.notes.size).toBe(0);
    expect(scene.cluster.lease.holder).toBeUndefined();
    expect(served.said).toContain('serves again: it was started anew');
  });

  test('while it waited to stop waits for the whole time again when it is stopped the next time', async () => {
    const scene = new Scene({ copies: only });
    scene.cluster.heal = () => false;
    const served = serve(scene);
    await served.run(100);
    expect((await scene.hook(served.stop, 1700)).after).toBeUndefined();
    const { state } = scene.cluster;
    startAnew(served);
    // Its copy is here again.
    scene.cluster.commit({ copies: state.copies });
    await served.run(60);
    expect([...served.files.admittedNames]).toEqual(['1', '2']);
    const { after } = await scene.hook(served.stop, 3000);
    expect(after).toBeGreaterThanOrEqual(1800);
  });
});

describe('a hook that is gone, of a node that stays', () => {
  test('is forgotten when no stop could take so long, and what it claimed is given back', async () => {
    const scene = new Scene({ copies: both });
    const served = serve(scene);
    await served.run(100);
    expect((await scene.hook(served.stop)).after).toBeDefined();
    await served.run(290);
    expect(served.stop.begun).toBe(true);
    expect(scene.cluster.lease.holder).toBe(pod(1));
    await served.run(60);
    expect(served.stop.begun).toBe(false);
    expect(scene.cluster.state.notes.size).toBe(0);
    expect(scene.cluster.lease.holder).toBeUndefined();
  });

  test('takes no step any more, whatever it waited for', async () => {
    const scene = new Scene({ copies: only });
    scene.cluster.heal = () => false;
    const served = serve(scene);
    await served.run(100);
    expect((await scene.hook(served.stop, 100)).after).toBeUndefined();
    await served.run(400);
    expect(served.stop.begun).toBe(false);
    const before = scene.changes.length;
    scene.cluster.commit({
      copies: scene.cluster.state.copies.map((copy) => ({ ...copy, state: 'STARTED' as const })),
    });
    await served.run(100);
    expect(scene.changes.slice(before)).toEqual([]);
  });
});

test('what a person says where no hook waits does not end the wait of a later one', async () => {
  const scene = new Scene({ copies: only });
  scene.cluster.heal = () => false;
  const stop = await scene.stopOf(pod(1));
  expect(stop.letGo()).toBe(false);
  expect((await scene.hook(stop, 1000)).after).toBeUndefined();
  expect(stop.letGo()).toBe(true);
  expect((await scene.hook(stop, 10)).after).toBe(0);
});
