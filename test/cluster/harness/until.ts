// Waiting for something, bounded, with the last reason in the error.
import { pause } from './say.ts';

export interface Patience {
  readonly seconds: number;
  /** Between two looks. */
  readonly every?: number;
}

/** Calls `look` until it returns something; what it throws counts as "not yet". */
export const until = async <Result>(
  what: string,
  { seconds, every = 1 }: Patience,
  look: () => Promise<Result | undefined | false>,
): Promise<Result> => {
  const end = Date.now() + seconds * 1000;
  let why = '';
  for (;;) {
    try {
      const result = await look();
      if (result !== undefined && result !== false) return result;
    } catch (error) {
      why = `: ${error instanceof Error ? error.message : String(error)}`;
    }
    if (Date.now() > end) throw new Error(`${what} did not come true in ${seconds} s${why}`);
    await pause(every);
  }
};
