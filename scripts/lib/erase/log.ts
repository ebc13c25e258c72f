// The log of an erasing pod: progress as lines of JSON, and as its last word the proof, in plain text.

const parsed = (line: string): unknown => {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
};

const linesOf = (log: string): readonly string[] => log.split('\n').filter((line) => line.trim() !== '');

/** The last line that is none of progress; undefined where there is none. */
export const proofIn = (log: string): string | undefined => linesOf(log).findLast((line) => parsed(line) === undefined);

/** What a person should know of a failure: the last message, or the last line where that is none of progress. */
export const wordsIn = (log: string): string => {
  const line = linesOf(log).at(-1) ?? '';
  const value = parsed(line);
  const message: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, 'message') : undefined;
  return typeof message === 'string' ? message : line;
};
