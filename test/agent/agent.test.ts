import { describe, expect, test } from '@jest/globals';
import { createAgent } from '../../base/elasticsearch/agent/agent.ts';
import { bad, good, type Trouble } from '../../base/elasticsearch/agent/answer.ts';
import type { Files, World } from '../../base/elasticsearch/agent/ports.ts';
import { createStop } from '../../base/elasticsearch/agent/stop.ts';
import { Scene } from './support/hook.ts';
import { health, pod, pods } from './support/pictures.ts';
import { SimulatedFiles } from './support/simulated-ports.ts';

interface Served {
  readonly scene: Scene;
  readonly files: SimulatedFiles;
  readonly said: string[];
  readonly world: World;
  readonly stop: ReturnType<typeof createStop>;
  readonly end: () => void;
  readonly run: (seconds: number) => Promise<void>;
}

/** An agent that serves. Its node's start is called "1". */
const serve = (scene: Scene, name = pod(1), over: Partial<Files> = {}): Served => {
  const files = Object.assign(new SimulatedFiles(), over);
  const said: string[] = [];
  const world: World = { ...scene.world(name), files, say: (_, message) => void said.push(message) };
  const stop = createStop(world);
  const ending = new AbortController();
  void createAgent(world, stop).run(ending.signal);
  return {
    scene,
    files,
    said,
    world,
    stop,
    end: () => ending.abort(),
    run: (seconds) => scene.time.run(scene.time.now + seconds),
  };
};

describe('a node that has started', () => {
  test('is admitted when it has recovered, by the name of its start', async () => {
    const { files, said, run } = serve(new Scene());
    await run(5);
    expect([...files.admittedNames]).toEqual(['1']);
    expect(said).toEqual(['ready']);
  });

  test('is not while its shards recover, and is looked at about each second', async () => {
    const scene = new Scene({ copies: ['load INITIALIZING elasticsearch-1', 'load STARTED elasticsearch-0'] });
    const { files, said, run } = serve(scene);
    await run(60);
    expect([...files.admittedNames]).toEqual([]);
    expect(said).toEqual(['not ready: shards recover']);
    scene.cluster.heal();
    await run(5);
    expect([...files.admittedNames]).toEqual(['1']);
  });

  const troubles: Trouble[] = ['no-answer', 'not-listening', 'not-understood', 'forbidden', 'no-master', 'refused'];
  test.each(troubles)('is not while a question is answered with "%s"', async (trouble) => {
    for (const question of ['self', 'health', 'picture'] as const) {
      const scene = new Scene();
      scene.es = { [question]: async () => bad(trouble, '') };
      const { files, run } = serve(scene);
      await run(4000);
      expect([...files.admittedNames]).toEqual([]);
    }
  });

  test('is after an hour of a health that is never told (408), but not before', async () => {
    const scene = new Scene();
    scene.es = { health: async () => bad('busy', '408') };
    const { files, said, run } = serve(scene);
    await run(3590);
    expect([...files.admittedNames]).toEqual([]);
    await run(60);
    expect([...files.admittedNames]).toEqual(['1']);
    expect(said.join()).toMatch(/ready after 360\d s, although shards still recover/);
  });

  test('is not by what was decided for an earlier start: the name of the start has changed', async () => {
    let asked = 0;
    const names = ['1', '2'];
    // Between the first and the second look at the file another container start has written it.
    const { files, run } = serve(new Scene(), pod(1), { start: async () => names[Math.min(asked++, 1)] ?? '' });
    await run(5);
    expect(files.admittedNames.has('1')).toBe(false);
    expect(files.admittedNames.has('2')).toBe(true);
  });

  test('is not by what was decided for an earlier start: the ephemeral id has changed', async () => {
    const scene = new Scene();
    let n = 0;
    scene.es = { self: async () => good({ id: 'id-elasticsearch-1', name: pod(1), ephemeralId: `start-${(n += 1)}` }) };
    const { files, run } = serve(scene);
    await run(60);
    expect([...files.admittedNames]).toEqual([]);
  });

  test('begins anew with each start: nothing of an earlier stall counts', async () => {
    const scene = new Scene({ copies: ['load UNASSIGNED', 'load STARTED elasticsearch-0'] });
    scene.es = { health: async () => good(health({ unassigned: 1 })) };
    const { files, run } = serve(scene);
    await run(25);
    files.name = '2';
    await run(25);
    expect([...files.admittedNames]).toEqual([]);
    await run(15);
    expect([...files.admittedNames]).toEqual(['2']);
  });

  test('is not admitted while it is being stopped', async () => {
    const scene = new Scene({ copies: ['load INITIALIZING elasticsearch-1', 'load UNASSIGNED'] });
    const { files, stop, run } = serve(scene);
    await run(5);
    stop.ask(0);
    scene.cluster.heal();
    scene.cluster.heal();
    scene.cluster.heal();
    await run(60);
    expect([...files.admittedNames]).toEqual([]);
  });
});

describe('the marker that the cluster has formed', () => {
  test.each(['conflict', 'forbidden', 'no-answer'] as const)(
    'is written before anybody is ready: not with "%s"',
    async (trouble) => {
      const scene = new Scene();
      scene.kube = { markFormed: async () => bad(trouble, 'as told') };
      const { files, said, run } = serve(scene, pod(1), { knownCluster: async () => undefined });
      await run(60);
      expect([...files.admittedNames]).toEqual([]);
      expect(said).toEqual([expect.stringContaining(`cannot write ConfigMap elasticsearch-formed (${trouble}`)]);
    },
  );

  test('of another cluster is refused, and stays', async () => {
    const scene = new Scene();
    const { files, said, run } = serve(scene, pod(1), { knownCluster: async () => 'another' });
    await run(60);
    expect([...files.admittedNames]).toEqual([]);
    expect(said).toEqual([expect.stringContaining('belongs to cluster uuid, but the known cluster is another')]);
  });
});

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

  test('keeps what was claimed in the present start: an agent that was killed meanwhile does not know of the stop', async () => {
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

test('a mistake in a step ends no loop', async () => {
  const scene = new Scene();
  let asked = 0;
  const { files, said, run } = serve(scene, pod(1), {
    start: async () => {
      asked += 1;
      if (asked < 3) throw new Error('the disk is full');
      return '1';
    },
  });
  await run(20);
  expect(said[0]).toContain('the disk is full');
  expect([...files.admittedNames]).toEqual(['1']);
});
