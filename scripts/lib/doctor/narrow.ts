// Fields of answers, each looked at before it is used. A field of another kind makes the answer not understood.

import { NotUnderstood } from './known.ts';

export type Fields = Readonly<Record<string, unknown>>;

export const fields = (value: unknown, at: string): Fields => {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new NotUnderstood(`the answer has no object ${at}`);
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

export const count = (value: unknown, at: string): number => {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0)
    throw new NotUnderstood(`the answer has no number ${at}`);
  return value;
};

export const parsed = (json: string, at: string): unknown => {
  try {
    return JSON.parse(json);
  } catch {
    throw new NotUnderstood(`${at} is cut, or no JSON`);
  }
};
