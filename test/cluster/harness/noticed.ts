// How, and how soon, the other nodes noticed that one is gone: from their logs.
import { logs, type Pod } from './kube.ts';

export interface LogLine {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly message: string;
}

/** From Elasticsearch's log, a line of JSON each; what else a container says is passed over. */
export const logLines = (log: string): LogLine[] =>
  log.split('\n').flatMap((line) => {
    if (!line.startsWith('{')) return [];
    const { '@timestamp': at, message } = JSON.parse(line) as Record<string, unknown>;
    return typeof at === 'string' && typeof message === 'string' ? [{ at: Date.parse(at), message }] : [];
  });

const elected = /^elected-as-master /;

/** The messages of LeaderChecker, Coordinator and NodeLeftExecutor, and the word for why. */
const steps: readonly (readonly [string, RegExp])[] = [
  ['the master missed', /^master node \[.*\] (disconnected), restarting discovery/],
  ['the master missed', /^\[\d+\] consecutive (checks) of the master node/],
  ['a master elected', elected],
  ['removed', /^node-left: .* with reason \[(.+)\]$/],
];

export interface Noticed {
  /** Seconds until the first sign: the master was missed, or the node removed. Undefined where there was none. */
  readonly seconds: number | undefined;
  /** The first line of each kind, in the order in which they came: `the master missed after 3.1 s (checks), …`. */
  readonly words: string;
  /** How many masters there have been since. A candidate that did not win is none, though the term grows with it. */
  readonly masters: number;
}

export const noticedIn = (lines: readonly LogLine[], since: number): Noticed => {
  const seen = new Map<string, { readonly seconds: number; readonly why: string }>();
  const later = lines.filter(({ at }) => at >= since).sort((a, b) => a.at - b.at);
  for (const { at, message } of later)
    for (const [step, pattern] of steps) {
      const found = pattern.exec(message);
      if (found === null || seen.has(step)) continue;
      seen.set(step, { seconds: (at - since) / 1000, why: found[1] === undefined ? '' : ` (${found[1]})` });
    }
  return {
    seconds: [...seen.values()][0]?.seconds,
    words: [...seen].map(([step, { seconds, why }]) => `${step} after ${seconds.toFixed(1)} s${why}`).join(', '),
    masters: later.filter(({ message }) => elected.test(message)).length,
  };
};

/** Of those that stayed. `since`: when the node was taken away, by the clock of this machine and of the lab's nodes. */
export const noticed = async (namespace: string, stayed: readonly Pod[], since: number): Promise<Noticed> => {
  const texts = await Promise.all(stayed.map(({ name }) => logs(namespace, name, 'elasticsearch')));
  return noticedIn(texts.flatMap(logLines), since);
};
