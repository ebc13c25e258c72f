// Several agents over one real Lease, in every order that chance finds: asking at the same moment, killed with a
// request on its way, silent for longer than a lease counts, back, or gone for good. Never may two believe that they
// hold it.

import { beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Kubernetes, World } from '../../base/elasticsearch/agent/ports.ts';
import { createTurnKeeper, type TurnKeeper } from '../../base/elasticsearch/agent/turn-keeper.ts';
import { good } from '../../base/lib/answer.ts';
import { besideApiServer } from '../support/beside-api-server.ts';
import { Account } from './support/account.ts';
import { Scene } from './support/hook.ts';
import { picture, pod } from './support/pictures.ts';

const PODS = 3;

interface Act {
  readonly pod: number;
  readonly does: 'ask' | 'withdraw' | 'crash' | 'comes back' | 'leaves';
  /** Milliseconds that pass before. */
  readonly delay: number;
}

/** What happens at once, after so many seconds in which nothing did. */
interface Moment {
  readonly after: number;
  readonly acts: readonly Act[];
}

const moment: fc.Arbitrary<Moment> = fc.record({
  after: fc.constantFrom(0, 0, 2, 30, 290, 310, 700),
  acts: fc.array(
    fc.record({
      pod: fc.nat(PODS - 1),
      does: fc.constantFrom<Act['does'][]>('ask', 'ask', 'ask', 'ask', 'withdraw', 'crash', 'comes back', 'leaves'),
      delay: fc.nat(15),
    }),
    { minLength: 1, maxLength: 6 },
  ),
});

const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

class Play {
  now = 0;
  readonly log: string[] = [];
  readonly #clients: readonly Kubernetes[];
  readonly #keepers: TurnKeeper[];
  /** Until when each may act on having been told that the turn is its own. */
  readonly #holds = Array.from({ length: PODS }, () => Number.NEGATIVE_INFINITY);
  readonly #gone = new Set<string>();
  /** What was asked by processes that were killed, and may still arrive. */
  readonly #onTheWay: Promise<unknown>[] = [];

  constructor(clients: readonly Kubernetes[]) {
    this.#clients = clients;
    this.#keepers = clients.map((_, n) => this.#keeper(n));
  }

  #keeper(n: number): TurnKeeper {
    const scene = new Scene();
    const world: World = {
      ...scene.world(pod(n)),
      kubernetes: this.#clients[n] ?? scene.world(pod(n)).kubernetes,
      // Clocks of two machines have nothing to do with each other.
      clock: () => this.now + n * 100_000,
    };
    const elasticsearch = { ...world.elasticsearch, changeSettings: async () => good(undefined) };
    return createTurnKeeper({ ...world, elasticsearch });
  }

  async #act({ pod: n, does, delay }: Act): Promise<void> {
    await pause(delay);
    if (this.#gone.has(pod(n))) return;
    const keeper = this.#keepers[n];
    switch (does) {
      case 'ask': {
        const asked = await keeper?.askLease((name) => this.#gone.has(name));
        this.log.push(`${this.now} ${pod(n)} ${asked?.held === true ? 'holds it' : asked?.reason}`);
        if (asked?.held !== true || this.#gone.has(pod(n)) || this.#keepers[n] !== keeper) return;
        this.#holds[n] = this.now + (keeper?.leaseSeconds ?? 0);
        const holders = this.#holds.flatMap((until, i) => (until >= this.now ? [pod(i)] : []));
        if (holders.length > 1) throw new Error(`${holders.join(' and ')} hold it:\n${this.log.join('\n')}`);
        return;
      }
      case 'withdraw':
        this.#holds[n] = Number.NEGATIVE_INFINITY;
        await keeper?.endStop();
        return;
      case 'crash':
        // The hook may have heard that it may go: what was held is held by the next process too.
        this.#onTheWay.push(keeper?.askLease((name) => this.#gone.has(name)) ?? Promise.resolve());
        this.#keepers[n] = this.#keeper(n);
        return;
      case 'comes back':
        this.#holds[n] = Number.NEGATIVE_INFINITY;
        this.#keepers[n] = this.#keeper(n);
        await this.#keepers[n]?.giveBack(picture({ me: pod(n) }));
        return;
      case 'leaves':
        // The last one stays.
        if (this.#gone.size >= PODS - 1) return;
        this.#holds[n] = Number.NEGATIVE_INFINITY;
        this.#gone.add(pod(n));
    }
  }

  async run(moments: readonly Moment[]): Promise<void> {
    for (const { after, acts } of moments) {
      this.now += after;
      // Of one pod one after the other, of several at once.
      const each = Array.from({ length: PODS }, async (_, n) => {
        for (const act of acts.filter((other) => other.pod === n)) await this.#act(act);
      });
      await Promise.all(each);
      await Promise.all(this.#onTheWay.splice(0));
    }
  }
}

besideApiServer('several agents over one lease', [], (server) => {
  let account: Account;
  beforeAll(async () => {
    account = await Account.make(server());
  }, 30_000);

  const clients = (): Kubernetes[] => Array.from({ length: PODS }, (_, n) => account.client(pod(n)));
  const forget = async (): Promise<void> => {
    const leases = `/apis/coordination.k8s.io/v1/namespaces/${account.namespace}/leases`;
    await server().send({ method: 'DELETE', path: `${leases}/elasticsearch-restart` });
  };

  test('never hold it at the same time', async () => {
    let seen = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(moment, { minLength: 2, maxLength: 8 }), async (moments) => {
        await forget();
        const play = new Play(clients());
        await play.run(moments);
        seen += play.log.filter((line) => line.endsWith('holds it')).length;
      }),
      { numRuns: Number(process.env['AGENT_RUNS'] ?? 40), interruptAfterTimeLimit: 45_000, endOnFailure: true },
    );
    expect(seen).toBeGreaterThan(0);
  }, 90_000);
});
