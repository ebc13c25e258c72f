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
  /** The first line of each kind, in the order in which they came: `the master missed after 3.1 s (disconnected), …`. */
  readonly words: string;
  /** How many masters there have been since. A candidate that did not win, only for which the term grows too, is none. */
  readonly masters: number;
}

export const noticedIn = (lines: readonly LogLine[], since: number): Noticed => {
  const seen = new Map<string, string>();
  const later = lines.filter(({ at }) => at >= since).sort((a, b) => a.at - b.at);
  for (const { at, message } of later)
    for (const [step, pattern] of steps) {
      const found = pattern.exec(message);
      if (found === null || seen.has(step)) continue;
      const why = found[1] === undefined ? '' : ` (${found[1]})`;
      seen.set(step, `${step} after ${((at - since) / 1000).toFixed(1)} s${why}`);
    }
  return {
    words: [...seen.values()].join(', '),
    masters: later.filter(({ message }) => elected.test(message)).length,
  };
};

/** Of those that stayed. `since`: when the node was taken away, by this machine's clock, which the lab's nodes share. */
export const noticed = async (namespace: string, stayed: readonly Pod[], since: number): Promise<Noticed> => {
  const texts = await Promise.all(stayed.map(({ name }) => logs(namespace, name, 'elasticsearch')));
  return noticedIn(texts.flatMap(logLines), since);
};
