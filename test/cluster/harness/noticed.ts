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

/** The messages of LeaderChecker, Coordinator and NodeLeftExecutor, and the word for why. */
const steps: readonly (readonly [string, RegExp])[] = [
  ['the master missed', /^master node \[.*\] (disconnected), restarting discovery/],
  ['the master missed', /^\[\d+\] consecutive (checks) of the master node/],
  ['a master elected', /^elected-as-master /],
  ['removed', /^node-left: .* with reason \[(.+)\]$/],
];

/** The first line of each kind, in the order in which they came: `the master missed after 3.1 s (disconnected), …`. */
export const noticedIn = (lines: readonly LogLine[], since: number): string => {
  const seen = new Map<string, string>();
  for (const { at, message } of [...lines].filter(({ at }) => at >= since).sort((a, b) => a.at - b.at))
    for (const [step, pattern] of steps) {
      const found = pattern.exec(message);
      if (found === null || seen.has(step)) continue;
      const why = found[1] === undefined ? '' : ` (${found[1]})`;
      seen.set(step, `${step} after ${((at - since) / 1000).toFixed(1)} s${why}`);
    }
  return [...seen.values()].join(', ');
};

/** Of those that stayed. `since`: when the node was taken away, by this machine's clock, which the lab's nodes share. */
export const noticed = async (namespace: string, stayed: readonly Pod[], since: number): Promise<string> => {
  const texts = await Promise.all(stayed.map(({ name }) => logs(namespace, name, 'elasticsearch')));
  return noticedIn(texts.flatMap(logLines), since);
};
