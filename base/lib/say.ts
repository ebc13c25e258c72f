// Lines of the log, and one line for each new state of things instead of one for each look or question.

import { type Level, logLine } from './log.ts';

export type Say = (level: Level, message: string) => void;

export const sayTo =
  (stream: NodeJS.WritableStream, program: string): Say =>
  (level, message) => {
    stream.write(`${logLine(program, level, message)}\n`);
  };

/** Says what differs from what was said last. `stateOf`: without what is new each time and says nothing. */
export const saying = (say: Say, stateOf = (message: string): string => message): Say => {
  let last: string | undefined;
  return (level, message) => {
    const state = stateOf(message);
    if (state !== last) say(level, message);
    last = state;
  };
};
