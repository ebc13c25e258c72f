// From JSON to what it must be.

import { type Answer, bad, good } from './answer.ts';
import { Misshapen } from './json.ts';

/** The value that `parse` makes of a good answer. A field that is missing or of another kind is "not-understood". */
export const read = <Value>(
  asked: string,
  answer: Answer<unknown>,
  parse: (value: unknown) => Value,
): Answer<Value> => {
  if (!answer.ok) return answer;
  try {
    return good(parse(answer.value));
  } catch (error) {
    const why = error instanceof Misshapen ? error.message : 'of a form that is not known here';
    return bad('not-understood', `${asked}: ${why}`);
  }
};
