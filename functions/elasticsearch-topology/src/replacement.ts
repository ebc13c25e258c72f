/** A range of a text, and what is to stand there. */
export interface Replacement {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

export const nothing: Replacement = { start: 0, end: 0, text: '' };
