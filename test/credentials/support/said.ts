// What the program has said.

export interface Said {
  /** The messages, one a line. */
  readonly log: string;
  /** Those that warn. */
  readonly warnings: readonly string[];
}

/** Each line must be one of the log's form: everything else fails the test. */
export const said = (output: string): Said => {
  const lines = output
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as { readonly message: string; readonly 'log.level': string });
  return {
    log: lines.map(({ message }) => `${message}\n`).join(''),
    warnings: lines.filter((line) => line['log.level'] === 'WARN').map(({ message }) => message),
  };
};
