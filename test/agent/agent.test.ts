import { describe, expect, test } from '@jest/globals';
import { bad, good, type Trouble } from '../../base/lib/answer.ts';
import { Scene } from './support/hook.ts';
import { health, pod } from './support/pictures.ts';
import { serve } from './support/serve.ts';

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
      await run(400);
      expect([...files.admittedNames]).toEqual([]);
    }
  });

  test('without a master says whose votes could elect one', async () => {
    const scene = new Scene();
    scene.cluster.formedVoters = 'a=elasticsearch-0,b=elasticsearch-1,c=elasticsearch-2';
    scene.es = { health: async () => bad('no-master', '') };
    const { said, run } = serve(scene);
    await run(60);
    expect(said).toEqual([
      'not ready: no master is elected, which needs more than half of the voters ' +
        'elasticsearch-0, elasticsearch-1, elasticsearch-2',
    ]);
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

  test('is not when it was started anew just before it was to be admitted', async () => {
    const scene = new Scene();
    const me = scene.cluster.state.members.get(`id-${pod(1)}`);
    if (me === undefined) throw new Error('no such member');
    let asked = 0;
    scene.es = {
      self: async () => {
        asked += 1;
        return good(asked % 2 === 1 ? me : { ...me, ephemeralId: 'another' });
      },
    };
    const { files, run } = serve(scene);
    await run(30);
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

  test('is not admitted when its stop begins while it is looked at', async () => {
    const scene = new Scene();
    const served = serve(scene);
    scene.es = {
      health: async () => {
        served.stop.ask(0);
        return good(health({ status: 'green' }));
      },
    };
    await served.run(30);
    expect([...served.files.admittedNames]).toEqual([]);
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

  test('is written by the first node that has recovered', async () => {
    const scene = new Scene();
    const marked: string[] = [];
    scene.kube = {
      markFormed: async (uuid) => {
        marked.push(uuid);
        return good(undefined);
      },
    };
    const { files, run } = serve(scene, pod(1), { knownCluster: async () => undefined });
    await run(60);
    expect([...files.admittedNames]).toEqual(['1']);
    expect(marked).toEqual(['uuid']);
  });

  test('of another cluster is refused, and stays', async () => {
    const scene = new Scene();
    const { files, said, run } = serve(scene, pod(1), { knownCluster: async () => 'another' });
    await run(60);
    expect([...files.admittedNames]).toEqual([]);
    expect(said).toEqual([expect.stringContaining('belongs to cluster uuid, but the known cluster is another')]);
  });
});

test('a full disk is no reason to admit, and is tried again', async () => {
  let full = true;
  const served = serve(new Scene(), pod(1), {
    admit: async (name) => {
      if (full) throw new Error('ENOSPC: no space left on device');
      served.files.admittedNames.add(name);
    },
  });
  await served.run(20);
  expect([...served.files.admittedNames]).toEqual([]);
  expect(served.said[0]).toContain('ENOSPC');
  full = false;
  await served.run(20);
  expect([...served.files.admittedNames]).toEqual(['1']);
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
