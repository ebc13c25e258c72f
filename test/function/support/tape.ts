// Choices from a tape of bytes: property tests give (and shrink) the tape, the fuzzer fills it at random.

export type Choose = (options: number) => number;

/** Deals one choice after the other; at its end the tape begins again, and one of zeros always chooses the first. */
export function choices(tape: Uint8Array): Choose {
  let at = 0;
  return (options) => {
    const high = tape[at++ % tape.length] ?? 0;
    return options <= 256 ? high % options : (high * 256 + (tape[at++ % tape.length] ?? 0)) % options;
  };
}

export const pick = <T>(choose: Choose, options: readonly [T, ...T[]]): T =>
  options[choose(options.length)] ?? options[0];

/** True once in so many times; never on a tape of zeros. */
export const sometimes = (choose: Choose, once: number): boolean => choose(once) === once - 1;

/** A generator of numbers that is the same everywhere for the same seed (mulberry32). */
export function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
}

export function randomTape(seed: number, length: number): Uint8Array {
  const next = random(seed);
  return Uint8Array.from({ length }, () => next() & 0xff);
}
