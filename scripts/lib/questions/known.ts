// What was looked at, or why it could not be: a user who may not read something still gets all other answers.

import { UserError } from '../cli.ts';
import { reasonOf } from '../cluster/kubectl.ts';
import { NotUnderstood } from '../shape.ts';
import { notKnown, type Verdict } from './verdict.ts';

export type Known<Value> =
  | { readonly known: true; readonly value: Value }
  | { readonly known: false; readonly why: string };

export const known = <Value>(value: Value): Known<Value> => ({ known: true, value });
export const unknown = (why: string): Known<never> => ({ known: false, why });

/** Whatever a user can put right, or Elasticsearch says, is a reason; a mistake of this program's is none. */
export const look = async <Value>(ask: () => Value | Promise<Value>): Promise<Known<Value>> => {
  try {
    return known(await ask());
  } catch (error) {
    if (error instanceof UserError) return unknown(reasonOf(error));
    throw error;
  }
};

/** What is read from something that may not be known. */
export const from = async <Value, Read>(
  of: Known<Value>,
  read: (value: Value) => Read | Promise<Read>,
): Promise<Known<Read>> => (of.known ? look(() => read(of.value)) : of);

/** A verdict may find out that it does not understand what it was given. */
export const judge = <Value>(about: string, of: Known<Value>, verdict: (value: Value) => Verdict): Verdict => {
  if (!of.known) return notKnown(about, of.why);
  try {
    return verdict(of.value);
  } catch (error) {
    if (error instanceof NotUnderstood) return notKnown(about, error.message);
    throw error;
  }
};

/** All of them by their names, or why some are missing. */
export const everyOne = <Value>(of: ReadonlyMap<string, Known<Value>>): Known<ReadonlyMap<string, Value>> => {
  const found = new Map<string, Value>();
  const missing: string[] = [];
  for (const [name, one] of of)
    if (one.known) found.set(name, one.value);
    else missing.push(`${name}: ${one.why}`);
  return missing.length === 0 ? known(found) : unknown(missing.join('; '));
};

export const both = <One, Other>(one: Known<One>, other: Known<Other>): Known<readonly [One, Other]> => {
  if (!one.known) return one;
  return other.known ? known([one.value, other.value]) : other;
};
