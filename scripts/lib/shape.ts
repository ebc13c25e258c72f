// Answers of other programs, read strictly: each field is looked at before it is used, and one that is missing or of
// another kind makes the answer not understood, and nothing else.

import { UserError } from './cli.ts';

/** An answer that is of another form than the question's. The message names the field. */
export class NotUnderstood extends UserError {}

type Fields = Readonly<Record<string, unknown>>;

export const isRecord = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const fields = (value: unknown, at: string): Fields => {
  if (!isRecord(value)) throw new NotUnderstood(`the answer has no object ${at}`);
  // Without what every object inherits.
  return Object.fromEntries(Object.entries(value));
};

/** The entries of an object that Elasticsearch leaves out where it is empty. */
export const entriesOf = (value: unknown, at: string): readonly [string, unknown][] =>
  value === undefined ? [] : Object.entries(fields(value, at));

export const list = (value: unknown, at: string): readonly unknown[] => {
  if (!Array.isArray(value)) throw new NotUnderstood(`the answer has no list ${at}`);
  return value;
};

export const text = (value: unknown, at: string): string => {
  if (typeof value !== 'string') throw new NotUnderstood(`the answer has no text ${at}`);
  return value;
};

export const flag = (value: unknown, at: string): boolean => {
  if (typeof value !== 'boolean') throw new NotUnderstood(`the answer has no yes or no ${at}`);
  return value;
};

export const number = (value: unknown, at: string): number => {
  if (typeof value !== 'number' || !Number.isFinite(value)) throw new NotUnderstood(`the answer has no number ${at}`);
  return value;
};

export const count = (value: unknown, at: string): number => {
  const found = number(value, at);
  if (!Number.isSafeInteger(found) || found < 0) throw new NotUnderstood(`the answer has no whole number ${at}`);
  return found;
};

export const parsed = (json: string, at: string): unknown => {
  try {
    return JSON.parse(json);
  } catch {
    throw new NotUnderstood(`${at} is cut, or no JSON`);
  }
};
