// What a suite needs beside Node.js, Go and what every checkout takes for granted.

/** Why something is not to be had on this machine, and what would bring it. */
export interface Lack {
  readonly why: string;
  /** Debian's packages of it. */
  readonly packages?: readonly string[];
  /** Where no package brings it: a command, or words. */
  readonly first?: string;
  /** Packages are root's affair anyhow; here the tests are, too. */
  readonly testsAsRoot?: true;
}

export interface Need {
  readonly name: string;
  /** undefined: it is there, or `make` can make it. */
  readonly lack: () => Lack | undefined;
  /** Called before the suite's first test, whether it is made already or not: without root, and without a question. */
  readonly make?: () => Promise<void>;
}

const separator = ' + ';

/** How the report hears of it: jest tells it nothing of a skipped suite but its title. */
export const skippedTitle = (suite: string, missing: readonly Need[]): string =>
  `${suite} [needs ${missing.map(({ name }) => name).join(separator)}]`;

const SKIPPED = /^(.*) \[needs ([^\]]+)\]$/;

/** The other way round. */
export const readTitle = (title: string): { readonly suite: string; readonly needs: readonly string[] } => {
  const [, suite = title, needs] = SKIPPED.exec(title) ?? [];
  return { suite, needs: needs === undefined ? [] : needs.split(separator) };
};
