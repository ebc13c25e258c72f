// One answer of the check before an upgrade. "unknown" is never "yes": what was not understood is not nothing.
import type { EsAnswer } from '../../cluster/elasticsearch.ts';
import { NotUnderstood } from '../../shape.ts';

export interface Line {
  readonly is: 'yes' | 'no' | 'unknown';
  /** What was asked: a statement that should be true. */
  readonly what: string;
  readonly why: string;
}

export type Said = Pick<Line, 'is' | 'why'>;

export const yes = (why: string): Said => ({ is: 'yes', why });
export const no = (why: string): Said => ({ is: 'no', why });
export const unknown = (why: string): Said => ({ is: 'unknown', why });

/** What a whole answer holds; undefined where there is none, or where it is not understood. */
export const heldBy = <Value>(answer: EsAnswer, read: (value: unknown) => Value): Value | undefined => {
  if (!answer.ok) return undefined;
  try {
    return read(answer.value);
  } catch (error) {
    if (error instanceof NotUnderstood) return undefined;
    throw error;
  }
};

/** What a whole answer says; "unknown" where there is none, or a field of it is missing or of another kind. */
export const fromAnswer = (answer: EsAnswer, read: (value: unknown) => Said): Said => {
  if (!answer.ok) return unknown(answer.why);
  try {
    return read(answer.value);
  } catch (error) {
    if (error instanceof NotUnderstood) return unknown(`the answer is not understood: ${error.message}`);
    throw error;
  }
};

export const lineText = ({ is, what, why }: Line): string => `${is.padEnd(8)}${what}: ${why}`;
