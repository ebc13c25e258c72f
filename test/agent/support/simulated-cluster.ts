// A small Elasticsearch and API server for the agents' ports: committed states in one order, nodes that see them late,
// writes whose answers get lost, a lease with versions. What it does not do: lose a node that nobody told to stop.

import type { Copy, Member, Picture } from '../../../base/elasticsearch/agent/picture.ts';

export interface State {
  readonly members: ReadonlyMap<string, Member>;
  readonly voters: readonly string[];
  readonly exclusions: readonly { id: string; name: string }[];
  readonly copies: readonly Copy[];
  readonly excluded: readonly string[];
  readonly notes: ReadonlyMap<string, string>;
  readonly master: string | undefined;
}

/**
 * As Elasticsearch's Reconfigurator: odd, of nodes that are there first, and below three only where fewer have a vote.
 * `shrinks`: cluster.auto_shrink_voting_configuration, without which a dead node keeps its vote.
 */
const reconfigure = (state: State, shrinks: boolean): readonly string[] => {
  const retired = new Set(state.exclusions.map(({ id }) => id));
  const live = [...state.members.keys()].filter((id) => !retired.has(id)).sort();
  const inConfig = live.filter((id) => state.voters.includes(id));
  const dead = state.voters.filter((id) => !state.members.has(id) && !retired.has(id)).sort();
  const inConfigOrDead = inConfig.length + dead.length;
  const enforced = inConfigOrDead < 3 ? 1 : 3;
  const odd = live.length % 2 === 0 ? live.length - 1 : live.length;
  const first = live.filter((id) => id === state.master);
  const size = Math.max(odd, shrinks ? enforced : inConfigOrDead);
  return [...new Set([...first, ...inConfig, ...live, ...dead])].slice(0, size);
};

const hasQuorum = (voters: readonly string[], members: ReadonlyMap<string, Member>): boolean =>
  voters.filter((id) => members.has(id)).length * 2 > voters.length;

export class SimulatedCluster {
  /** All committed states, with when they were. */
  readonly history: { readonly at: number; readonly state: State }[];
  readonly #clock: () => number;
  lease: { holder: string | undefined; version: number } = { holder: undefined, version: 0 };
  formedVoters: string | undefined;
  shrinks = true;
  #starts = 0;

  constructor(clock: () => number, names: readonly string[], copies: readonly Copy[]) {
    this.#clock = clock;
    const members = new Map(names.map((name) => [`id-${name}`, this.#member(name)]));
    const voters = reconfigure({ ...EMPTY, members, voters: [...members.keys()] }, this.shrinks);
    this.history = [{ at: 0, state: { ...EMPTY, members, voters, copies, master: voters[0] } }];
  }

  get state(): State {
    return this.history.at(-1)?.state ?? EMPTY;
  }

  /** False where nobody is there to commit it. */
  commit(change: Partial<State>): boolean {
    const before = this.state;
    const changed = { ...before, ...change };
    if (!hasQuorum(before.voters, changed.members)) {
      // Nodes stop all the same; nobody writes it down but this simulation.
      this.history.push({
        at: this.#clock(),
        state: { ...before, members: changed.members, copies: changed.copies, master: undefined },
      });
      return false;
    }
    const wishes = reconfigure(changed, this.shrinks);
    const voters = wishes.length > 0 && hasQuorum(wishes, changed.members) ? wishes : changed.voters;
    const able = voters.find((id) => changed.members.has(id));
    const resigns =
      changed.master === undefined || !changed.members.has(changed.master) || !voters.includes(changed.master);
    this.history.push({ at: this.#clock(), state: { ...changed, voters, master: resigns ? able : changed.master } });
    return true;
  }

  stop(name: string): void {
    const id = `id-${name}`;
    const members = new Map(this.state.members);
    members.delete(id);
    const copies = this.state.copies.map((copy) =>
      copy.node === id ? { ...copy, node: undefined, state: 'UNASSIGNED' as const, primary: false } : copy,
    );
    this.commit({ members, copies: withPrimaries(copies) });
  }

  start(name: string): void {
    this.commit({ members: new Map(this.state.members).set(`id-${name}`, this.#member(name)) });
  }

  /** One thing that Elasticsearch does by itself, if there is one: recover a copy, or move one away. */
  heal(): boolean {
    const { copies, members, excluded, master } = this.state;
    if (master === undefined) return false;
    for (const [i, copy] of copies.entries()) {
      const others = copies.filter((other) => other.index === copy.index && other.node !== undefined);
      const free = [...members.values()].find(
        ({ id, name }) => !excluded.includes(name) && !others.some(({ node }) => node === id),
      );
      const put = (change: Partial<Copy>): boolean =>
        this.commit({ copies: withPrimaries(copies.map((other, j) => (j === i ? { ...other, ...change } : other))) });
      if (copy.state === 'INITIALIZING') return put({ state: 'STARTED' });
      if (copy.state === 'UNASSIGNED' && free !== undefined) return put({ state: 'INITIALIZING', node: free.id });
      if (copy.state === 'RELOCATING')
        return put(free === undefined ? { state: 'STARTED' } : { state: 'STARTED', node: free.id });
      const name = members.get(copy.node ?? '')?.name;
      if (name !== undefined && excluded.includes(name) && free !== undefined) return put({ state: 'RELOCATING' });
    }
    return false;
  }

  /**
   * What is lost now, after a stop, in words; undefined while all is well. `replicas`: how many nodes are wanted. Two
   * cannot spare one of them as a majority (spare.ts), so there only copies count.
   */
  harm(replicas = Number.POSITIVE_INFINITY): string | undefined {
    const { voters, members, copies, master } = this.state;
    const before = Math.max(replicas, voters.length, members.size + 1);
    if (before > 2 && (!hasQuorum(voters, members) || master === undefined))
      return `of the voters ${voters.join(' ')} only ${[...members.keys()].join(' ')} are there`;
    for (const { index } of copies) {
      const all = copies.filter((copy) => copy.index === index);
      const used = all.filter(({ state }) => state === 'STARTED' || state === 'RELOCATING');
      if (all.length > 1 && used.length === 0) return `no started copy of ${index} is left`;
    }
    return undefined;
  }

  #member(name: string): Member {
    this.#starts += 1;
    return { id: `id-${name}`, name, ephemeralId: `start-${this.#starts}` };
  }
}

const EMPTY: State = {
  members: new Map(),
  voters: [],
  exclusions: [],
  copies: [],
  excluded: [],
  notes: new Map(),
  master: undefined,
};

/** Each index has one shard here; its first copy in use is the primary. */
const withPrimaries = (copies: readonly Copy[]): readonly Copy[] => {
  const primaries = new Map<string, Copy>();
  const rank = (copy: Copy): number => ['STARTED', 'RELOCATING', 'INITIALIZING', 'UNASSIGNED'].indexOf(copy.state);
  for (const copy of copies) {
    const best = primaries.get(copy.index);
    if (best === undefined || rank(copy) < rank(best)) primaries.set(copy.index, copy);
  }
  return copies.map((copy) => ({ ...copy, primary: primaries.get(copy.index) === copy }));
};

export const pictureOf = (state: State, name: string): Picture | 'no-master' | 'absent' => {
  const me = state.members.get(`id-${name}`);
  if (state.master === undefined) return 'no-master';
  if (me === undefined) return 'absent';
  return {
    clusterUuid: 'uuid',
    me,
    members: state.members,
    master: state.master,
    voters: state.voters,
    votesGivenUp: state.exclusions,
    copies: state.copies,
    settings: { excluded: state.excluded, excludedForNow: undefined, notes: state.notes },
  };
};
