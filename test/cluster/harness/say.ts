// Progress of a long run, on stderr: jest keeps what a test writes to stdout until the end.
const start = Date.now();

export const say = (line: string): void => {
  const seconds = Math.round((Date.now() - start) / 1000);
  process.stderr.write(`[${String(seconds).padStart(5)} s] ${line}\n`);
};

export const pause = (seconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, seconds * 1000));

export const secondsSince = (then: number): number => Math.round((Date.now() - then) / 100) / 10;
