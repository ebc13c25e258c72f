// Lines of the log, and one line for each new state of things instead of one for each look.

import { type Level, logLine } from '../../../base/lib/log.ts';

export type Say = (level: Level, message: string) => void;

export const sayTo =
  (stream: NodeJS.WritableStream): Say =>
  (level, message) => {
    stream.write(`${logLine('snapshots', level, message)}\n`);
  };

/** To somebody who waits for the end of it, as well. */
export const alsoTo =
  (say: Say, tell: (line: string) => void): Say =>
  (level, message) => {
    say(level, message);
    tell(message);
  };
