// What people are told. A line a topic an hour: what is wrong is wrong at every look.

import { type Level, logLine } from '../../lib/log.ts';
import type { Report } from './ports.ts';

export interface Reporter extends Report {
  /** Begins a look: whether the one before was whole is forgotten. */
  readonly begin: () => void;
  readonly isWhole: () => boolean;
}

const HOUR_MS = 3_600_000;

export const say = (level: Level, message: string): void => {
  process.stdout.write(`${logLine('credentials', level, message)}\n`);
};

export const createReporter = (write: (level: Level, message: string) => void, now: () => number): Reporter => {
  const told = new Map<string, string>();
  let failures = 0;
  const once = (topic: string, text: string): void => {
    const key = `${Math.floor(now() / HOUR_MS)} ${text}`;
    if (told.get(topic) !== key) write('WARN', text);
    told.set(topic, key);
  };
  return {
    done: (text) => write('INFO', text),
    once,
    failed: (topic, text) => {
      failures += 1;
      once(topic, text);
    },
    begin: () => {
      failures = 0;
    },
    isWhole: () => failures === 0,
  };
};
