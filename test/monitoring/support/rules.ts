// The rules as data, and what their expressions ask for.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { IPrometheusRule } from '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1';
import { parser } from '@prometheus-io/lezer-promql';
import { load } from 'js-yaml';
import { root } from '../../../scripts/lib/paths.ts';

const folder = join(root, 'components/prometheus-operator/rules');

const files = readdirSync(folder).sort();

const read = (file: string): IPrometheusRule => load(readFileSync(join(folder, file), 'utf8')) as IPrometheusRule;

export const groups = files.flatMap((file) => read(file).spec.groups ?? []);

export const rules = groups.flatMap((group) => group.rules ?? []);

export const alerts = rules.filter((rule) => rule.alert !== undefined);

/** Names that other rules make. */
export const recorded: ReadonlySet<string> = new Set(rules.flatMap(({ record }) => record ?? []));

export interface Selector {
  readonly metric: string;
  readonly labels: readonly { readonly label: string; readonly operator: string; readonly wanted: string }[];
}

/** Each metric that an expression selects, with the labels that it selects by. */
export const selectorsIn = (expression: string): Selector[] => {
  const found: { metric: string; labels: Selector['labels'][number][] }[] = [];
  parser.parse(expression).iterate({
    enter: ({ name, from, to, type }) => {
      const text = expression.slice(from, to);
      if (type.isError) throw new Error(`not PromQL at ${from}: ${expression}`);
      if (name === 'VectorSelector') found.push({ metric: '', labels: [] });
      const last = found.at(-1);
      if (last !== undefined && name === 'Identifier' && last.metric === '') last.metric = text;
      if (last === undefined || name !== 'UnquotedLabelMatcher') return;
      const [, label = '', operator = '', wanted = ''] = /^(\w+)\s*(=~|!~|!=|=)\s*"(.*)"$/.exec(text) ?? [];
      last.labels.push({ label, operator, wanted });
    },
  });
  return found;
};

/** Of aggregations, and of "on": labels that the series must have to be told apart, or joined. */
export const groupingsIn = (expression: string): string[] => {
  const found: string[] = [];
  parser.parse(expression).iterate({
    enter: ({ name, from, to }) => {
      if (name === 'GroupingLabels') found.push(...(expression.slice(from, to).match(/\w+/g) ?? []));
    },
  });
  return [...new Set(found)];
};
