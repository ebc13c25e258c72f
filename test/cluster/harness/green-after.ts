// How long the cluster was not green, as its clients saw it.
import type { Line } from '../load/protocol.ts';

/**
 * Seconds from the first moment with another status than green to the last return to it. Undefined: it stayed green.
 * Infinity: it did not return.
 */
export const greenAfter = (lines: readonly Line[], from: number): number | undefined => {
  const changes = lines.filter((line) => line.kind === 'status').filter(({ at }) => at >= from);
  const left = changes.find(({ status }) => status.status !== 'green');
  if (left === undefined) return undefined;
  const back =
    changes.at(-1)?.status.status === 'green'
      ? changes.findLastIndex(({ status }) => status.status !== 'green') + 1
      : -1;
  const returned = changes[back];
  return returned === undefined ? Infinity : (returned.at - left.at) / 1000;
};
