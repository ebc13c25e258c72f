// A histogram as Prometheus reads it: https://prometheus.io/docs/instrumenting/exposition_formats/

export interface Histogram {
  readonly bounds: readonly number[];
  /** How many were within each bound and not within the one before. */
  readonly counts: number[];
  count: number;
  sum: number;
}

export const histogram = (bounds: readonly number[]): Histogram => ({
  bounds,
  counts: bounds.map(() => 0),
  count: 0,
  sum: 0,
});

export const observe = (into: Histogram, value: number): void => {
  const place = into.bounds.findIndex((bound) => value <= bound);
  // What is above all bounds is in the count alone.
  if (place >= 0) into.counts[place] = (into.counts[place] ?? 0) + 1;
  into.count += 1;
  into.sum += value;
};

/** "1.0": from version 3 on Prometheus writes it so itself, and before it takes what it is given. */
const wordOf = (bound: number): string => (Number.isInteger(bound) ? bound.toFixed(1) : String(bound));

export const histogramText = (name: string, help: string, { bounds, counts, count, sum }: Histogram): string => {
  let below = 0;
  const buckets = bounds.map((bound, place) => {
    below += counts[place] ?? 0;
    return `${name}_bucket{le="${wordOf(bound)}"} ${below}`;
  });
  return [
    `# HELP ${name} ${help}`,
    `# TYPE ${name} histogram`,
    ...buckets,
    `${name}_bucket{le="+Inf"} ${count}`,
    `${name}_sum ${sum}`,
    `${name}_count ${count}`,
    '',
  ].join('\n');
};
