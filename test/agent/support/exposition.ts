// Prometheus' text form, read strictly: https://prometheus.io/docs/instrumenting/exposition_formats/

interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface Family {
  readonly type: string;
  readonly help: string;
  readonly samples: Sample[];
}

const LINE = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{([^}]*)\})? ([0-9.e+-]+)$/;
const LABEL = /^([a-zA-Z_][a-zA-Z0-9_]*)="([^"\\\n]*)"$/;

const labelsOf = (text: string): Record<string, string> =>
  Object.fromEntries(
    text.split(',').map((pair) => {
      const [, name = '', of = ''] = LABEL.exec(pair) ?? [];
      if (name === '') throw new Error(`no label: ${pair}`);
      return [name, of];
    }),
  );

/** By name. Throws at the first line that is not of the form, or stands where it must not. */
export const parseMetrics = (text: string): ReadonlyMap<string, Family> => {
  if (!text.endsWith('\n')) throw new Error('the last line must end');
  const families = new Map<string, Family>();
  const seen = new Set<string>();
  let current = '';
  let help: string | undefined;
  for (const line of text.slice(0, -1).split('\n')) {
    const [, keyword, name = '', rest = ''] = /^# (HELP|TYPE) (\S+) (.+)$/.exec(line) ?? [];
    if (keyword === 'HELP') {
      help = rest;
      current = name;
      continue;
    }
    if (keyword === 'TYPE') {
      if (name !== current || help === undefined || families.has(name)) throw new Error(`out of order: ${line}`);
      if (rest !== 'gauge' && rest !== 'counter') throw new Error(`no type: ${line}`);
      families.set(name, { type: rest, help, samples: [] });
      help = undefined;
      continue;
    }
    const [, of = '', labels, number] = LINE.exec(line) ?? [];
    const family = families.get(of);
    if (family === undefined || of !== current || number === undefined || Number.isNaN(Number(number)))
      throw new Error(`not understood: ${line}`);
    const series = line.slice(0, line.lastIndexOf(' '));
    if (seen.has(series)) throw new Error(`twice: ${series}`);
    seen.add(series);
    family.samples.push({ labels: labels === undefined ? {} : labelsOf(labels), value: Number(number) });
  }
  return families;
};
