import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Copy } from '../../base/elasticsearch/agent/picture.ts';
import { SimulatedCluster } from './support/simulated-cluster.ts';
import { SimulatedPod, type Simulation } from './support/simulated-pod.ts';
import { VirtualTime } from './support/virtual-time.ts';

// Several agents at once over one cluster, in every order that chance finds: late reads, late and unanswered writes, an
// API server that falls silent, agents that are killed at any step. Never may two nodes stop whose joint loss costs the
// quorum or the last started copy of something. The waits do not end here: what their ends cost is in bounds.test.ts.

const WAITS = {
  READY_RECOVERY_SECONDS: 3600,
  READY_STALL_SECONDS: 30,
  PRE_STOP_SPARE_SECONDS: 1e8,
  PRE_STOP_MOVE_SECONDS: 1e8,
  PRE_STOP_BLIND_SECONDS: 30,
  PRE_STOP_DRAIN_SECONDS: 5,
  SHUTDOWN_SECONDS: 120,
};

interface Scenario {
  readonly nodes: number;
  readonly keep: number;
  /** For each index: on how many nodes it has copies, and from which node on. */
  readonly indices: readonly { readonly copies: number; readonly from: number }[];
  /** Ordinals of pods that are told to stop, and when. */
  readonly stops: readonly { readonly pod: number; readonly at: number }[];
  /** A pod that vanishes before, without its hook: it comes back late, or never where it is not wanted any more. */
  readonly lost: number | undefined;
  readonly crashes: readonly { readonly pod: number; readonly at: number }[];
  readonly lag: number;
  readonly unanswered: number;
  readonly silent: readonly [number, number];
  readonly seed: number;
}

const podName = (ordinal: number): string => `elasticsearch-${ordinal}`;

const copiesOf = ({ nodes, indices }: Scenario): Copy[] =>
  indices.flatMap(({ copies, from }, i) =>
    Array.from({ length: copies }, (_, j): Copy => {
      const node = `id-${podName((from + j) % nodes)}`;
      return j < nodes
        ? { index: `load-${i}`, shard: 0, state: 'STARTED', node, primary: j === 0 }
        : { index: `load-${i}`, shard: 0, state: 'UNASSIGNED', node: undefined, primary: false };
    }),
  );

/** Mulberry32: small, and the same on every machine. */
const chanceFrom = (seed: number) => (): number => {
  seed = (seed + 0x6d2b79f5) | 0;
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
};

interface Outcome {
  readonly harm: string | undefined;
  readonly stopped: readonly string[];
  readonly log: readonly string[];
}

const play = async (scenario: Scenario, until: number): Promise<Outcome> => {
  const { nodes, keep, lag, unanswered, silent, lost } = scenario;
  const time = new VirtualTime();
  const names = Array.from({ length: nodes }, (_, i) => podName(i));
  const cluster = new SimulatedCluster(() => time.now, names, copiesOf(scenario));
  const chance = chanceFrom(scenario.seed);
  const wanted = { replicas: nodes };
  const log: string[] = [];
  const simulation: Simulation = {
    time,
    cluster,
    wanted,
    faults: { lag, lost: unanswered, silent },
    chance,
    waits: WAITS,
    log,
  };
  const pods = names.map((name) => new SimulatedPod(simulation, name));
  const stopped: string[] = [];
  let harm: string | undefined;
  let waitedFor = 0;

  const ended = (pod: SimulatedPod): void => {
    stopped.push(pod.name);
    waitedFor -= 1;
    // The last node of a cluster of one is stopped whenever somebody says so.
    if (cluster.state.members.size > 0) harm ??= cluster.harm(wanted.replicas);
    // A restart: whoever leaves for good stays away.
    if (Number(pod.name.split('-')[1]) < wanted.replicas) time.at(10 + chance() * 60, () => pod.comeBack());
  };
  const tell = (pod: SimulatedPod | undefined): void => {
    waitedFor += 1;
    pod?.tellToStop(ended);
  };
  const heal = (): void => {
    cluster.heal();
    time.at(1 + chance() * 8, heal);
  };
  heal();
  const leaving = pods.slice(keep).filter(({ name }) => name !== podName(lost ?? -1));
  if (lost !== undefined)
    time.at(20, () => {
      cluster.stop(podName(lost));
      if (lost < keep) time.at(600, () => pods[lost]?.comeBack());
    });
  for (const { pod, at } of scenario.stops) if (pod < keep && pod !== lost) time.at(at, () => tell(pods[pod]));
  if (leaving.length > 0)
    time.at(75, () => {
      wanted.replicas = keep;
      for (const pod of leaving) tell(pod);
    });
  for (const { pod, at } of scenario.crashes) time.at(at, () => pods[pod % nodes]?.crash());
  await time.run(until, () => harm !== undefined || (time.now > 100 && waitedFor === 0));
  return { harm, stopped, log };
};

const scenario: fc.Arbitrary<Scenario> = fc
  .record({ nodes: fc.integer({ min: 3, max: 5 }), down: fc.integer({ min: 0, max: 2 }) })
  .chain(({ nodes, down }) =>
    fc.record({
      nodes: fc.constant(nodes),
      keep: fc.constant(Math.max(nodes - down, 1)),
      indices: fc.array(fc.record({ copies: fc.integer({ min: 2, max: 4 }), from: fc.nat(nodes - 1) }), {
        minLength: 1,
        maxLength: 4,
      }),
      stops: fc.uniqueArray(fc.record({ pod: fc.nat(nodes - 1), at: fc.integer({ min: 65, max: 95 }) }), {
        minLength: 1,
        maxLength: 4,
        selector: ({ pod }) => pod,
      }),
      crashes: fc.array(fc.record({ pod: fc.nat(4), at: fc.integer({ min: 0, max: 600 }) }), { maxLength: 8 }),
      lag: fc.constantFrom(0, 1, 10),
      unanswered: fc.constantFrom(0, 0.1, 0.4),
      lost: fc.option(fc.nat(nodes - 1), { nil: undefined, freq: 2 }),
      silent: fc.constantFrom<readonly [number, number]>([0, 0], [0, 1e9], [70, 160]),
      seed: fc.integer(),
    }),
  );

const RUNS = Number(process.env['AGENT_RUNS'] ?? 200);

describe('several agents at once', () => {
  test('never stop two nodes whose joint loss costs the quorum or a last copy', async () => {
    await fc.assert(
      fc.asyncProperty(scenario, async (facts) => {
        const { harm, log } = await play(facts, 1200);
        expect({ harm, log: harm === undefined ? [] : log }).toEqual({ harm: undefined, log: [] });
      }),
      {
        numRuns: RUNS,
        endOnFailure: true,
        ...(process.env['AGENT_SEED'] ? { seed: Number(process.env['AGENT_SEED']) } : {}),
      },
    );
  }, 300_000);

  test('all get their turn, also after an agent was killed', async () => {
    const calm = { lag: 1, lost: undefined, unanswered: 0, silent: [0, 0], seed: 7, nodes: 3, keep: 3 } as const;
    const indices = [
      { copies: 2, from: 0 },
      { copies: 3, from: 1 },
    ];
    const stops = [2, 0, 1].map((pod) => ({ pod, at: 0 }));
    const { harm, stopped, log } = await play({ ...calm, indices, stops, crashes: [{ pod: 0, at: 100 }] }, 3000);
    expect({ harm, stopped: [...stopped].sort(), log: stopped.length === 3 ? [] : log }).toEqual({
      harm: undefined,
      stopped: ['elasticsearch-0', 'elasticsearch-1', 'elasticsearch-2'],
      log: [],
    });
  });
});
