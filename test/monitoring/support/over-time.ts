// Scrapes as Prometheus would have them after twenty minutes in which only counters have grown, for promtool.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dump } from 'js-yaml';
import { root } from '../../../scripts/lib/paths.ts';

const STEPS = 40;

interface Scrape {
  readonly text: string;
  /** What scraping adds. */
  readonly labels: Readonly<Record<string, string>>;
}

interface InputSeries {
  readonly series: string;
  readonly values: string;
}

const seriesOver = ({ text, labels }: Scrape): InputSeries[] => {
  const counters = new Set(Array.from(text.matchAll(/^# TYPE (\S+) counter$/gm), ([, name]) => name));
  const added = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
  const found = [...text.matchAll(/^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/gm)].map(
    ([, name = '', own = '', value = '']) => ({
      series: `${name}{${[...(own === '' ? [] : [own]), ...added].join(',')}}`,
      values: `${Number(value)}${counters.has(name) ? '+1' : ''}x${STEPS}`,
    }),
  );
  return [{ series: `up{${added.join(',')}}`, values: `1x${STEPS}` }, ...found];
};

/** Writes a file of tests, each of which fails where one of the expressions gives nothing. Its path. */
export const giveSomething = (folder: string, scrapes: readonly Scrape[], expressions: readonly string[]): string => {
  const file = join(folder, 'give-something.yml');
  const input_series = scrapes.flatMap(seriesOver);
  writeFileSync(
    file,
    dump({
      rule_files: [join(root, 'components/monitoring/prometheus/rules.yml')],
      evaluation_interval: '30s',
      tests: [
        {
          interval: '30s',
          input_series,
          promql_expr_test: expressions.map((expression) => ({
            expr: `absent(${expression})`,
            eval_time: '18m',
            exp_samples: [],
          })),
        },
      ],
    }),
  );
  return file;
};
