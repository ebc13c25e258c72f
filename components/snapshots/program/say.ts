// Lines of the log that somebody reads who waits for the end of it, as well.

import type { Say } from '../../../base/lib/say.ts';

export const alsoTo =
  (say: Say, tell: (line: string) => void): Say =>
  (level, message) => {
    say(level, message);
    tell(message);
  };
