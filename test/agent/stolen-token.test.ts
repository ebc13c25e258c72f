// What somebody with the token of an agent can do to the nodes by the marker and by the lease, and what they make of
// it.

import { describe, expect, test } from '@jest/globals';
import { bad, good } from '../../base/lib/answer.ts';
import { Scene, WAITS } from './support/hook.ts';
import { pod } from './support/pictures.ts';
import { serve } from './support/serve.ts';
import { type SimulatedFiles } from './support/simulated-ports.ts';

const both = ['load STARTED elasticsearch-1', 'load STARTED elasticsearch-2'];
const foreign = 'this node belongs to cluster uuid, but the known cluster is another (ConfigMap elasticsearch-formed)';

describe('a marker that is changed to another cluster', () => {
  /** As parse.ts takes an answer of a node whose cluster is not the one of the mounted marker. */
  const disbelieve = (scene: Scene, files: SimulatedFiles): void => {
    Object.assign(files, { knownCluster: async () => 'another' });
    const no = async () => bad('not-understood', 'this node belongs to cluster uuid, not to another');
    scene.es = { self: no, picture: no };
  };

  test('takes no node that serves out of the Service, and is told by each once, as long as it stands', async () => {
    const scene = new Scene({ copies: both });
    const { files, said, run, world } = serve(scene);
    await run(40);
    const before = said.length;
    disbelieve(scene, files);
    await run(200);
    expect(files.admittedNames.has('1')).toBe(true);
    expect(said.slice(before)).toEqual([`somebody has changed it: ${foreign}`]);
    expect(world.record.look()).toMatchObject({ phase: 'serving', wait: { for: 'cluster' } });
    Object.assign(files, { knownCluster: async () => 'uuid' });
    scene.es = {};
    await run(40);
    expect(world.record.look().wait).toBeNull();
  });

  test('keeps nodes that start from getting ready, and they say that a person is needed', async () => {
    const scene = new Scene({ copies: both });
    const { files, said, run, world } = serve(scene);
    disbelieve(scene, files);
    await run(200);
    expect([...files.admittedNames]).toEqual([]);
    expect(said).toEqual([`not ready: ${foreign}`]);
    expect(world.record.look().wait).toMatchObject({ for: 'cluster' });
  });

  test('is not overwritten by any agent, also before it has reached the nodes', async () => {
    const scene = new Scene({ me: pod(0), copies: both });
    const served = serve(scene, pod(0));
    await served.run(40);
    const written: string[] = [];
    const note = async (text: string) => {
      written.push(text);
      return good(undefined);
    };
    scene.kube = {
      formed: async () => good({ clusterUuid: 'another', voters: undefined }),
      markFormed: note,
      noteVoters: note,
    };
    await served.run(100);
    expect(served.said).toContain(`somebody has changed it: ${foreign}`);
    expect(written).toEqual([]);
  });

  test('holds a stop up until its bound, and no longer', async () => {
    const scene = new Scene({ copies: both });
    const { files, stop, run } = serve(scene);
    await run(100);
    disbelieve(scene, files);
    const { after } = await scene.hook(stop);
    expect(after).toBeGreaterThanOrEqual(WAITS.PRE_STOP_SPARE_SECONDS);
    expect(after).toBeLessThan(WAITS.PRE_STOP_SPARE_SECONDS + 60);
  });
});

describe('a marker that is emptied or gone', () => {
  const emptied = (scene: Scene, write: 'works' | 'is refused') => {
    let now: string | undefined;
    const asked: string[] = [];
    scene.kube = {
      formed: async () => (now === undefined ? bad('absent', '') : good({ clusterUuid: now, voters: undefined })),
      markFormed: async (uuid) => {
        asked.push(uuid);
        if (write === 'is refused') return bad('refused', 'field is immutable when `immutable` is set');
        now = uuid;
        return good(undefined);
      },
    };
    return asked;
  };

  test("is written anew by the elected master's agent, which says so", async () => {
    const scene = new Scene({ me: pod(0), copies: both });
    const { said, run, world } = serve(scene, pod(0));
    await run(40);
    const asked = emptied(scene, 'works');
    await run(100);
    expect(asked).toEqual(['uuid']);
    expect(said.filter((line) => line.includes('anew'))).toEqual([
      'ConfigMap elasticsearch-formed named no cluster any more: wrote uuid into it anew',
    ]);
    expect(world.record.look()).toMatchObject({ wait: null, decisions: { 'mark-formed': 1 } });
  });

  test('is left to that agent by the others', async () => {
    const scene = new Scene({ copies: both });
    const { run } = serve(scene);
    await run(40);
    const asked = emptied(scene, 'works');
    await run(100);
    expect(asked).toEqual([]);
  });

  test('that cannot be written is told once, and waits for a person', async () => {
    const scene = new Scene({ me: pod(0), copies: both });
    const { said, run, world } = serve(scene, pod(0));
    await run(40);
    emptied(scene, 'is refused');
    await run(100);
    expect(said.filter((line) => line.includes('names no cluster, and cannot be written'))).toHaveLength(1);
    expect(world.record.look().wait).toMatchObject({ for: 'cluster' });
  });

  test('of which nobody can tell is no reason for anything', async () => {
    const scene = new Scene({ me: pod(0), copies: both });
    const { said, run, world } = serve(scene, pod(0));
    await run(40);
    const before = said.length;
    scene.kube = { formed: async () => bad('no-answer', 'silent') };
    await run(100);
    expect(said.slice(before)).toEqual([]);
    expect(world.record.look().wait).toBeNull();
  });
});

test('voters that cannot be noted are told once', async () => {
  const scene = new Scene({ me: pod(0), copies: both });
  scene.kube = { noteVoters: async () => bad('refused', 'field is immutable when `immutable` is set') };
  const { said, run } = serve(scene, pod(0));
  await run(200);
  expect(
    said.filter((line) => line.startsWith('cannot note in ConfigMap elasticsearch-formed who votes')),
  ).toHaveLength(1);
});

test('voters that somebody else wrote are put right within half a minute', async () => {
  const scene = new Scene({ me: pod(0), copies: both });
  const { run } = serve(scene, pod(0));
  await run(40);
  const right = scene.cluster.formedVoters;
  scene.cluster.formedVoters = 'id-elasticsearch-0=elasticsearch-9';
  await run(35);
  expect(scene.cluster.formedVoters).toBe(right);
});

describe('a lease that a thief holds', () => {
  const leaseSeconds = WAITS.SHUTDOWN_SECONDS + 180;

  const stolen = async (renewed: boolean) => {
    const scene = new Scene({ copies: both });
    const stop = await scene.stopOf(pod(1));
    let version = 1;
    const steal = (): void => {
      version += 1;
      scene.cluster.lease = { holder: pod(2), version };
      if (renewed) scene.time.at(3, steal);
    };
    steal();
    return scene.hook(stop);
  };

  test('and does not renew holds a stop up for the time of one, whatever times stand in it', async () => {
    const { after } = await stolen(false);
    expect(after).toBeGreaterThan(leaseSeconds);
    expect(after).toBeLessThan(leaseSeconds + 60);
  });

  test('and renews all the time holds it up until its bound, and no longer', async () => {
    const bound = WAITS.PRE_STOP_DRAIN_SECONDS + WAITS.PRE_STOP_SPARE_SECONDS + 2 * leaseSeconds;
    const { after, said } = await stolen(true);
    expect(after).toBeGreaterThanOrEqual(bound);
    expect(after).toBeLessThan(bound + 60);
    expect(said).toContain('waiting: elasticsearch-2 restarts');
  });
});
