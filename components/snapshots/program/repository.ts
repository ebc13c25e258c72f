// The repository in this cluster: registered so that nothing can be written as long as nobody knows whose it is, read,
// and written to only when it is this cluster's.

import { type Answer, bad, good } from '../../../base/lib/answer.ts';
import type { Found } from './elasticsearch.ts';
import type { Ports } from './ports.ts';
import type { Repository } from './repository-file.ts';
import { isGood, isRunning, newestFirst, newestGood, ownerOf } from './snapshots.ts';

const same = (a: Repository, b: Repository): boolean => {
  const lines = ({ type, settings }: Repository): string =>
    JSON.stringify([type, Object.entries(settings).sort(([one], [other]) => (one < other ? -1 : 1))]);
  return lines(a) === lines(b);
};

const as = ({ type, settings }: Repository, mode: 'read' | 'write'): Repository => ({
  type,
  settings: { ...settings, readonly: String(mode === 'read') },
});

/** Registers it only where it is not what it should be: that is refused while it is in use. */
const registerAs = async ({ elasticsearch, repository }: Ports, mode: 'read' | 'write'): Promise<Answer<undefined>> => {
  const wanted = as(repository, mode);
  const found = await elasticsearch.registered();
  if (found.ok && same(found.value, wanted)) return good(undefined);
  if (!found.ok && found.trouble !== 'absent') return found;
  return elasticsearch.register(wanted);
};

/** Reads what is there, whoever has written it. Where it is registered to be written, it stays so. */
export const look = async (ports: Ports): Promise<Answer<Found>> => {
  const { elasticsearch, repository, watched } = ports;
  const found = await elasticsearch.registered();
  if (!found.ok && found.trouble !== 'absent') return found;
  if (!found.ok || !same(found.value, as(repository, 'write'))) {
    const registered = await registerAs(ports, 'read');
    if (!registered.ok) return registered;
  }
  const list = await elasticsearch.snapshots();
  if (!list.ok) return list;
  const { snapshots, unreadable } = list.value;
  const last = newestGood(snapshots);
  const ended = snapshots.filter((snapshot) => !isRunning(snapshot));
  watched.lastGood = { start: last?.start ?? 0, seconds: last === undefined ? 0 : last.end - last.start };
  watched.oldest = newestFirst(ended).at(-1)?.start ?? 0;
  const isHeld = ended.filter(isGood).length;
  watched.held = { good: isHeld, others: ended.length - isHeld, unreadable: unreadable.length };
  return list;
};

/** Good when this cluster may write there; the cluster's uuid. */
export const own = async (ports: Ports, { snapshots, unreadable }: Found): Promise<Answer<string>> => {
  const { elasticsearch, watched } = ports;
  const cluster = await elasticsearch.cluster();
  if (!cluster.ok) return cluster;
  const owner = ownerOf(snapshots, cluster.value);
  // Nothing that can be read is not nothing.
  const isEmpty = owner.is === 'nobody' && unreadable.length === 0;
  watched.isOurs = owner.is === 'us' || isEmpty;
  if (!watched.isOurs) {
    // Whoever took it over since must not be disturbed.
    const readOnly = await registerAs(ports, 'read');
    const whose = owner.is === 'another' && owner.cluster !== undefined ? `cluster ${owner.cluster}` : 'somebody';
    return bad(
      'refused',
      `${whose} wrote into the repository last, and this is cluster ${cluster.value}: nothing is written. If this ` +
        'one takes its place, restore into it (make restore). If not, give it another place (repository.json).' +
        (readOnly.ok ? '' : ` It is not read-only yet: ${readOnly.detail}`),
    );
  }
  const registered = await registerAs(ports, 'write');
  return registered.ok ? cluster : registered;
};

/** Takes it over, after a restore: from here on whoever had it before finds that it is not his any more. */
export const takeOver = async (ports: Ports): Promise<Answer<string>> => {
  const cluster = await ports.elasticsearch.cluster();
  if (!cluster.ok) return cluster;
  const registered = await registerAs(ports, 'write');
  return registered.ok ? cluster : registered;
};
