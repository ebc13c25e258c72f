// A question that is asked again until its time is over, as a good client does. Whatever the answers were, it ends.

import { type Answer, bad } from '../../../base/lib/answer.ts';

export interface Time {
  /** In seconds, monotonic. */
  readonly clock: () => number;
  readonly sleep: (seconds: number) => Promise<void>;
}

export interface Bounds {
  /** For all tries together. */
  readonly withinSeconds: number;
  /** For one. */
  readonly trySeconds: number;
  /** Between two. */
  readonly pauseSeconds: number;
}

export interface Tried<Value> {
  /** The last one. */
  readonly answer: Answer<Value>;
  /** From the begin of the first try to the end of the last. */
  readonly seconds: number;
}

/**
 * `ask`: one try, within these seconds; its number counts from 0. An answer that comes after the time is over is none,
 * however good it is: the one who waited has gone.
 */
export const tryWithin = async <Value>(
  { clock, sleep }: Time,
  { withinSeconds, trySeconds, pauseSeconds }: Bounds,
  ask: (seconds: number, number: number) => Promise<Answer<Value>>,
): Promise<Tried<Value>> => {
  const began = clock();
  const spent = (): number => clock() - began;
  for (let number = 0; ; number += 1) {
    const answer = await ask(Math.max(0.001, Math.min(trySeconds, withinSeconds - spent())), number);
    const seconds = spent();
    if (answer.ok && seconds > withinSeconds)
      return { answer: bad('no-answer', `answered after ${seconds.toFixed(1)} s`), seconds };
    if (answer.ok || seconds + pauseSeconds >= withinSeconds) return { answer, seconds };
    await sleep(pauseSeconds);
  }
};
