// Narrowing of values that came from outside. Each function takes what it looks at and where that stands, and throws a
// Misshapen with that place when it is of another kind: no value is used that was not looked at.

export class Misshapen extends Error {}

export type JsonObject = Readonly<Record<string, unknown>>;

const kind = (value: unknown): string => {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'a list' : typeof value;
};

const fail = (value: unknown, at: string, wanted: string): never => {
  throw new Misshapen(`${at} is ${value === undefined ? 'missing' : kind(value)}, not ${wanted}`);
};

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const object = (value: unknown, at: string): JsonObject =>
  isObject(value) ? value : fail(value, at, 'an object');

/** The keys and values of an object, its own only. A key is data: it may be called "index" or "__proto__". */
export const entries = (value: unknown, at: string): [string, unknown][] => Object.entries(object(value, at));

/** A field of an object; undefined where it is missing, whatever the object's prototype has under that name. */
export const field = (value: JsonObject, key: string): unknown => (Object.hasOwn(value, key) ? value[key] : undefined);

export const list = (value: unknown, at: string): readonly unknown[] =>
  Array.isArray(value) ? value : fail(value, at, 'a list');

/** A text that is not empty. */
export const text = (value: unknown, at: string): string =>
  typeof value === 'string' && value !== '' ? value : fail(value, at, 'a text that says something');

/** A text, or undefined where the field is missing or null. An empty one is a text. */
export const optionalText = (value: unknown, at: string): string | undefined => {
  if (value === undefined || value === null) return undefined;
  return typeof value === 'string' ? value : fail(value, at, 'a text');
};

/** An object whose values are texts, each of which may be empty. */
export const texts = (value: unknown, at: string): Readonly<Record<string, string>> =>
  Object.fromEntries(entries(value, at).map(([key, one]) => [key, optionalText(one, `${at}.${key}`) ?? '']));

/** A whole number from 0 on. */
export const count = (value: unknown, at: string): number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : fail(value, at, 'a whole number');

export const flag = (value: unknown, at: string): boolean =>
  typeof value === 'boolean' ? value : fail(value, at, 'true or false');

/** For what an answer must also be, beyond the kinds of its fields. The message is made only when it is needed. */
export const must = (condition: boolean, message: () => string): void => {
  if (!condition) throw new Misshapen(message());
};
