// What a question of `make doctor` comes to. "Not known" is no "yes": whoever deploys must not take silence for health.

type Says = 'yes' | 'no' | 'not known';

export interface Verdict {
  readonly says: Says;
  /** What is asked, as a statement that "yes" confirms. */
  readonly about: string;
  readonly detail: string;
}

export const yes = (about: string, detail: string): Verdict => ({ says: 'yes', about, detail });
export const no = (about: string, detail: string): Verdict => ({ says: 'no', about, detail });
export const notKnown = (about: string, why: string): Verdict => ({ says: 'not known', about, detail: why });

/** "Yes" where nothing speaks against it; else all that does. */
export const unless = (about: string, against: readonly string[], detail: string): Verdict =>
  against.length === 0 ? yes(about, detail) : no(about, against.join('; '));

export const isYes = ({ says }: Verdict): boolean => says === 'yes';

export const lineOf = ({ says, about, detail }: Verdict): string => `${says.padEnd(9)} ${about}: ${detail}`;

/** Names in a line: of thousands it would be none that anybody reads. */
export const few = (names: readonly string[]): string =>
  names.length > 3 ? `${names.slice(0, 3).join(', ')} and ${names.length - 3} more` : names.join(', ');
