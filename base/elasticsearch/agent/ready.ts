// Has this node recovered since its start? Asked until it is so, once for each start; afterwards readiness is no
// question of shards.

import type { Picture } from './picture.ts';
import type { Health } from './ports.ts';
import { named, shardsHere } from './shards.ts';

export interface Recovery {
  /** When this start of the node was first looked at. */
  readonly first: number;
  /** The copies that were missing at the last look, and since when exactly those. */
  readonly missing: string;
  readonly since: number;
}

export interface RecoveryWaits {
  readonly READY_RECOVERY_SECONDS: number;
  readonly READY_STALL_SECONDS: number;
}

export type Recovered =
  | { readonly ready: true; readonly why: string }
  | { readonly ready: false; readonly recovery: Recovery };

export const beginRecovery = (now: number): Recovery => ({ first: now, missing: '', since: now });

/**
 * What is here has recovered, and no copy is missing that may come here. What moves is waited for; what cannot be
 * assigned is not, longer than the stall time. `health` undefined: it could not be told (408 while tasks go on), so
 * only the bound ends the wait.
 */
export const decideRecovered = (
  before: Recovery,
  picture: Picture,
  health: Health | undefined,
  now: number,
  waits: RecoveryWaits,
): Recovered => {
  const waited = now - before.first;
  if (waited > waits.READY_RECOVERY_SECONDS)
    return { ready: true, why: `ready after ${Math.round(waited)} s, although shards still recover` };
  const again = (missing: string): Recovered => ({ ready: false, recovery: { ...before, missing, since: now } });
  if (health === undefined) return again('');
  if (health.status === 'green') return { ready: true, why: 'ready' };
  const here = shardsHere(picture);
  const recovering = here.filter(({ mine }) => mine === 'INITIALIZING').map(({ name }) => `${name}:here`);
  const present = new Set(here.map(({ name }) => name));
  // No node has two copies of a shard.
  const elsewhere = picture.copies
    .filter(({ state, index, shard }) => state === 'UNASSIGNED' && !present.has(`${index}/${shard}`))
    .map(({ index, shard }) => `${index}/${shard}`);
  const names = [...recovering, ...elsewhere];
  if (names.length === 0) return { ready: true, why: 'ready' };
  const missing = names.join(' ');
  // A copy for this node may wait for the recoveries of another one, or for a node that may return with it.
  const busy = health.initializing + health.delayedUnassigned + health.inFlightFetch + recovering.length;
  if (busy > 0 || missing !== before.missing) return again(missing);
  const stalled = now - before.since;
  if (stalled < waits.READY_STALL_SECONDS) return { ready: false, recovery: before };
  return {
    ready: true,
    why: `ready: nothing recovers, and what is unassigned has not moved for ${Math.round(stalled)} s: ${named(names)}`,
  };
};
