// The end of a container's log as a person reads it: Elasticsearch writes JSON, and Java a stack behind every error.

const shown = 6;

interface Entry {
  readonly text: string;
  /** Not just information. */
  readonly bad: boolean;
}

const field = (entry: object, name: string): string => {
  const value: unknown = Reflect.get(entry, name);
  return typeof value === 'string' ? value : '';
};

const entryOf = (line: string): Entry => {
  try {
    const parsed: unknown = JSON.parse(line);
    if (typeof parsed === 'object' && parsed !== null && 'message' in parsed) {
      const level = field(parsed, 'log.level');
      const why = field(parsed, 'error.message');
      return {
        text: [`${level}: ${field(parsed, 'message')}`, ...(why === '' ? [] : [why])].join(': '),
        bad: !['INFO', 'DEBUG', 'TRACE', 'WARN'].includes(level),
      };
    }
  } catch {
    // a plain line
  }
  return { text: line, bad: /\b(?:error|exception|fatal|refus|fail)/i.test(line) };
};

const isFrame = (line: string): boolean => /^\s+(?:at |\.\.\. \d+ more)/.test(line);

/** The last lines from the first one on that tells of a failure; where none does, simply the last. */
export const lastWords = (log: string): string => {
  const entries = log
    .split('\n')
    .filter((line) => line.trim() !== '' && !isFrame(line))
    .map(entryOf);
  const from = entries.findIndex(({ bad }) => bad);
  const told = from < 0 ? entries.slice(-shown) : entries.slice(from, from + shown);
  return told.map(({ text }) => text).join('\n');
};
