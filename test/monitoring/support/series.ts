// A scrape as series, and whether they have what a selector asks for.
import type { Selector } from './rules.ts';

export type Series = ReadonlyMap<string, readonly Readonly<Record<string, string>>[]>;

/** By name: the labels of each series. */
export const seriesIn = (text: string): Series => {
  const found = new Map<string, Readonly<Record<string, string>>[]>();
  for (const line of text.split('\n')) {
    const [, name, labels = ''] = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? \S+$/.exec(line) ?? [];
    if (name === undefined) continue;
    const pairs = [...labels.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)];
    const all = found.get(name) ?? [];
    found.set(name, [...all, Object.fromEntries(pairs.map(([, label = '', value = '']) => [label, value]))]);
  }
  return found;
};

/** What scraping itself adds: by the PodMonitors, or by scrape.yml. */
export const ADDED = ['namespace', 'pod', 'job', 'zone'];

const agrees = (value: string | undefined, { operator, wanted }: Selector['labels'][number]): boolean => {
  if (value === undefined) return false;
  const is = operator.endsWith('~') ? new RegExp(`^(?:${wanted})$`).test(value) : value === wanted;
  return operator.startsWith('!') ? !is : is;
};

/** Why no series is selected; nothing where one is. */
export const lackOf = (series: Series, { metric, labels }: Selector): string[] => {
  const all = series.get(metric);
  if (all === undefined) return [metric];
  const own = labels.filter(({ label }) => !ADDED.includes(label));
  if (all.some((one) => own.every((matcher) => agrees(one[matcher.label], matcher)))) return [];
  return [`${metric}{${own.map(({ label, operator, wanted }) => `${label}${operator}"${wanted}"`).join(',')}}`];
};
