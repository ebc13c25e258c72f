// What a program tells a Prometheus, in the form of https://prometheus.io/docs/instrumenting/exposition_formats/
// Names: https://prometheus.io/docs/practices/naming/

export interface Sample {
  readonly labels?: Readonly<Record<string, string>>;
  readonly value: number;
}

/** A gauge or a counter, and all that it has to say. */
export const family = (type: 'gauge' | 'counter', name: string, help: string, samples: readonly Sample[]): string =>
  [
    `# HELP ${name} ${help}`,
    `# TYPE ${name} ${type}`,
    ...samples.map(({ labels = {}, value }) => {
      const all = Object.entries(labels).map(([label, of]) => `${label}="${of}"`);
      return `${name}${all.length === 0 ? '' : `{${all.join(',')}}`} ${value}`;
    }),
    '',
  ].join('\n');

/** Nothing, where nobody knows. */
export const known = (value: number | null | undefined): readonly Sample[] =>
  value === null || value === undefined ? [] : [{ value }];
