// The agents' ports over the simulated cluster. Each call takes a random while; a write may be committed late, or
// without an answer; a node reads what it has applied, which may be old, but never older than what it read before.

import { EXCLUDE_NAME, NOTES } from '../../../base/elasticsearch/agent/parse.ts';
import type {
  Done,
  Elasticsearch,
  Files,
  Health,
  Kubernetes,
  LeaseLook,
} from '../../../base/elasticsearch/agent/ports.ts';
import { type Answer, bad, good } from '../../../base/lib/answer.ts';
import { pictureOf, type SimulatedCluster, type State } from './simulated-cluster.ts';
import type { VirtualTime } from './virtual-time.ts';

/** A number from 0 to 1, the next one at each call. */
export type Chance = () => number;

export interface Faults {
  /** Seconds by which a node may be behind what is committed. */
  readonly lag: number;
  /** The part of writes that are not answered. */
  readonly lost: number;
  /** The API server does not answer from, to. */
  readonly silent: readonly [number, number];
}

/** One agent's process: what was killed gets no answers any more, but its writes may still take effect. */
export interface Process {
  alive: boolean;
}

const never = <Value>(): Promise<Value> => new Promise(() => undefined);

/** The longest that a write may take to be committed, as changeSettings() in ports.ts promises it. */
const LATE_SECONDS = 15;

export const simulatedElasticsearch = (
  time: VirtualTime,
  cluster: SimulatedCluster,
  podName: string,
  applied: { index: number },
  process: Process,
  faults: Faults,
  chance: Chance,
): Elasticsearch => {
  const alive = <Value>(value: Value): Promise<Value> => (process.alive ? Promise.resolve(value) : never());
  const read = async <Value>(look: (state: State) => Answer<Value>): Promise<Answer<Value>> => {
    await time.sleep(0.01 + chance() * 0.5);
    const since = time.now - chance() * faults.lag;
    const { history } = cluster;
    for (let i = history.length - 1; i > applied.index; i -= 1) if ((history[i]?.at ?? 0) <= since) applied.index = i;
    const state = history[applied.index]?.state;
    if (state === undefined || !cluster.state.members.has(`id-${podName}`))
      return alive(bad('not-listening', 'stopped'));
    const answer = look(state);
    await time.sleep(chance() * 0.5);
    return alive(answer);
  };
  const write = async (change: () => Partial<State>): Promise<Done> => {
    const lost = chance() < faults.lost;
    const late = lost ? chance() * LATE_SECONDS : chance() * 0.5;
    const fate = chance();
    const committed = new Promise<boolean>((resolve) => {
      const act = () => resolve(cluster.state.master !== undefined && cluster.commit(change()));
      // Of those without an answer some are never committed.
      if (!lost || fate < 0.7) time.at(late, act);
    });
    if (lost) {
      await time.sleep(chance() * LATE_SECONDS);
      return alive(bad('no-answer', 'the time is over'));
    }
    const done = await committed;
    await time.sleep(chance() * 0.5);
    return alive(done ? good(undefined) : bad('no-master', 'nobody commits'));
  };
  const health = (state: State): Answer<Health> => {
    const of = (wanted: string): number => state.copies.filter((copy) => copy.state === wanted).length;
    if (state.master === undefined) return bad('no-master', 'no master is elected');
    const green = of('STARTED') + of('RELOCATING') === state.copies.length;
    const [relocating, initializing, unassigned] = [of('RELOCATING'), of('INITIALIZING'), of('UNASSIGNED')];
    return good({
      status: green ? 'green' : 'yellow',
      relocating,
      initializing,
      unassigned,
      delayedUnassigned: 0,
      inFlightFetch: 0,
    });
  };
  const exclude = (state: State, more: readonly { id: string; name: string }[]) => ({
    exclusions: [...state.exclusions.filter(({ id }) => !more.some((other) => other.id === id)), ...more],
  });
  return {
    self: () =>
      read((state) => {
        const me = state.members.get(`id-${podName}`);
        return me === undefined ? bad('not-understood', 'no member') : good(me);
      }),
    picture: () =>
      read((state) => {
        const picture = pictureOf(state, podName);
        if (typeof picture !== 'string') return good(picture);
        return bad(picture === 'no-master' ? 'no-master' : 'not-understood', picture);
      }),
    master: () =>
      read(({ master }) =>
        master === undefined ? bad('no-master', 'none') : good({ id: master, clusterUuid: 'uuid' }),
      ),
    recovered: () => read(() => good(true)),
    health: () => read(health),
    changeSettings: (changes) =>
      write(() => {
        const notes = new Map(cluster.state.notes);
        let { excluded } = cluster.state;
        for (const [key, value] of changes) {
          if (key === EXCLUDE_NAME) excluded = value === null ? [] : value.split(',');
          else if (value === null) notes.delete(key.slice(NOTES.length));
          else notes.set(key.slice(NOTES.length), value);
        }
        return { notes, excluded };
      }),
    giveUpVote: async (name) => {
      const retired = new Set([`id-${name}`, ...cluster.state.exclusions.map(({ id }) => id)]);
      if (![...cluster.state.members.keys()].some((id) => !retired.has(id)))
        return bad('refused', 'no voter would be left');
      return write(() => exclude(cluster.state, [{ id: `id-${name}`, name }]));
    },
    giveUpVotesOf: (ids) =>
      write(() =>
        exclude(
          cluster.state,
          ids.map((id) => ({ id, name: '_absent_' })),
        ),
      ),
    clearVotingExclusions: () => write(() => ({ exclusions: [] })),
  };
};

export const simulatedKubernetes = (
  time: VirtualTime,
  cluster: SimulatedCluster,
  podName: string,
  wanted: { replicas: number },
  process: Process,
  faults: Faults,
  chance: Chance,
): Kubernetes => {
  const call = async <Value>(act: () => Answer<Value>): Promise<Answer<Value>> => {
    await time.sleep(0.01 + chance() * 0.3);
    if (!process.alive) return never();
    const [from, to] = faults.silent;
    if (time.now >= from && time.now < to) {
      await time.sleep(8);
      return process.alive ? bad('no-answer', 'silent') : never();
    }
    const answer = act();
    await time.sleep(chance() * 0.3);
    return process.alive ? answer : never();
  };
  const held = (): Answer<LeaseLook> => {
    cluster.lease = { holder: podName, version: cluster.lease.version + 1 };
    return good({ holder: podName, version: String(cluster.lease.version) });
  };
  const { lease } = { lease: () => cluster.lease };
  return {
    statefulSet: () =>
      call(() => good({ replicas: wanted.replicas, first: 0, deleted: false, keepsPods: false, deletesClaims: false })),
    namespace: () => call(() => good({ terminating: false })),
    // As the manifests have it: all waits fit.
    pod: () => call(() => good({ graceSeconds: 5700 })),
    lease: () => call(() => good({ holder: lease().holder, version: String(lease().version) })),
    holdLease: () =>
      call(() => (lease().holder === undefined || lease().holder === podName ? held() : bad('conflict', 'held'))),
    takeLease: (_, version) => call(() => (String(lease().version) === version ? held() : bad('conflict', 'changed'))),
    giveLeaseBack: () =>
      call(() => {
        if (lease().holder === podName) cluster.lease = { holder: undefined, version: lease().version + 1 };
        return good(undefined);
      }),
    formed: () => call(() => good({ clusterUuid: 'uuid', voters: cluster.formedVoters })),
    markFormed: () => call(() => good(undefined)),
    noteVoters: (voters) =>
      call(() => {
        cluster.formedVoters = voters;
        return good(undefined);
      }),
  };
};

/** The folder in which each start of the node is admitted. */
export class SimulatedFiles implements Files {
  name = '1';
  readonly admittedNames = new Set<string>();
  start = async (): Promise<string> => this.name;
  admit = async (name: string): Promise<void> => void this.admittedNames.add(name);
  admitted = async (name: string): Promise<boolean> => this.admittedNames.has(name);
  forgetStart = async (): Promise<void> => undefined;
  knownCluster = async (): Promise<string> => 'uuid';
}
