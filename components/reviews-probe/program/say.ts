// Lines of the log, and one line for each new state of things instead of one for each question.

import { type Level, logLine } from '../../../base/lib/log.ts';

export type Say = (level: Level, message: string) => void;

export const sayTo =
  (stream: NodeJS.WritableStream): Say =>
  (level, message) => {
    stream.write(`${logLine('probe', level, message)}\n`);
  };

/** How long a try was waited for differs each time, and says nothing new. */
const stateOf = (message: string): string => message.replaceAll(/\b[\d.]+ s\b/g, '');

/** Says what differs from what was said last. */
export const saying = (say: Say): Say => {
  let last: string | undefined;
  return (level, message) => {
    const state = stateOf(message);
    if (state !== last) say(level, message);
    last = state;
  };
};
