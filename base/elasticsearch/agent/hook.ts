// What the pre-stop hook is told: the decisions' word, and a last bound over all of them.

import { longest } from './bounds.ts';
import { logLine } from './log.ts';
import type { Say, Stop, Waits } from './ports.ts';

/**
 * Whatever goes on, the hook ends in time for Elasticsearch to stop by itself: after the grace period it would be
 * killed. (Where less than that is granted, the stop itself ends earlier.)
 */
export const hookDoor = (
  stop: Stop,
  waits: Waits,
  say: Say,
): ((elapsed: number) => { readonly go: boolean; readonly lines: readonly string[] }) => {
  let said = false;
  return (elapsed) => {
    const { go, reasons } = stop.ask(elapsed);
    const isOver = !go && elapsed >= longest(waits);
    const over = `leaving: ${elapsed} s have passed, which is all that a stop may wait`;
    // A hook whose answer was cut asks again.
    if (isOver && !said) say('WARN', over, { decision: 'leave-anyway', seconds: elapsed });
    said = isOver;
    const all = isOver ? [...reasons, over] : reasons;
    return { go: go || isOver, lines: all.map((reason) => logLine('INFO', reason)) };
  };
};
