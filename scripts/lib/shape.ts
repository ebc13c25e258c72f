// Answers of other programs, read strictly: what is missing or of another kind is not understood, and nothing else.

/** The message names the field. */
export class NotUnderstood extends Error {}

export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const fieldOf = (value: unknown, key: string): unknown => {
  if (!isRecord(value) || !Object.hasOwn(value, key)) throw new NotUnderstood(key);
  return value[key];
};

export const textOf = (value: unknown, key: string): string => {
  const found = fieldOf(value, key);
  if (typeof found !== 'string') throw new NotUnderstood(key);
  return found;
};

export const numberOf = (value: unknown, key: string): number => {
  const found = fieldOf(value, key);
  if (typeof found !== 'number' || !Number.isFinite(found)) throw new NotUnderstood(key);
  return found;
};

export const listOf = (value: unknown, at: string): readonly unknown[] => {
  if (!Array.isArray(value)) throw new NotUnderstood(at);
  return value;
};

export const entriesOf = (value: unknown, at: string): readonly (readonly [string, unknown])[] => {
  if (!isRecord(value)) throw new NotUnderstood(at);
  return Object.entries(value);
};
