// The rules of components/monitoring with all their times shortened alike: an alert that speaks after ten minutes must
// speak within a scenario. What is no time of a rule stays: dates, and time-outs and bounds of the servers themselves.
import type { IPrometheusRule } from '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1';
import { parser } from '@prometheus-io/lezer-promql';

export type Group = NonNullable<IPrometheusRule['spec']['groups']>[number];
type Rule = NonNullable<Group['rules']>[number];

const MILLISECONDS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
  y: 31_536_000_000,
};

const isDuration = (text: string): boolean => /^(?:\d+(?:ms|[smhdwy]))+$/.test(text);

const millisecondsOf = (duration: string): number => {
  if (!isDuration(duration)) throw new Error(`"${duration}" is no duration of Prometheus`);
  return [...duration.matchAll(/(\d+)(ms|[smhdwy])/g)].reduce(
    (sum, [, count, unit = '']) => sum + Number(count) * (MILLISECONDS[unit] ?? Number.NaN),
    0,
  );
};

export const secondsOf = (duration: string): number => millisecondsOf(duration) / 1000;

export const scaledDuration = (duration: string, factor: number): string => {
  const scaled = Math.round(millisecondsOf(duration) / factor);
  if (scaled < 1 && millisecondsOf(duration) > 0)
    throw new Error(`nothing is left of ${duration}, divided by ${factor}`);
  return scaled % 1000 === 0 ? `${scaled / 1000}s` : `${scaled}ms`;
};

interface Edit {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/** How far ahead `predict_linear` looks is a number of seconds, and so no duration for the parser. */
const LOOKS_AHEAD = 'predict_linear';

const editsOf = (expression: string, factor: number): Edit[] => {
  const edits: Edit[] = [];
  parser.parse(expression).iterate({
    enter: ({ name, from, to, type, node }) => {
      const text = expression.slice(from, to);
      if (type.isError) throw new Error(`not PromQL at ${from}: ${expression}`);
      if (name.startsWith('NumberDurationLiteral') && isDuration(text))
        edits.push({ from, to, text: scaledDuration(text, factor) });
      if (name !== 'FunctionCall' || !text.startsWith(LOOKS_AHEAD)) return;
      const body = node.getChild('FunctionCallBody');
      const ahead = body?.lastChild;
      if (!ahead || ahead.from === body?.firstChild?.from)
        throw new Error(`${LOOKS_AHEAD} without its second argument: ${expression}`);
      edits.push(
        { from: ahead.to, to: ahead.to, text: `) / ${factor}` },
        { from: ahead.from, to: ahead.from, text: '(' },
      );
    },
  });
  return edits;
};

/** From the end on, so that places stay what they are. */
export const scaledExpression = (expression: string, factor: number): string =>
  editsOf(expression, factor)
    .sort((a, b) => b.from - a.from)
    .reduce((made, { from, to, text }) => made.slice(0, from) + text + made.slice(to), expression);

const scaledRule = (rule: Rule, factor: number): Rule => ({
  ...rule,
  expr: scaledExpression(String(rule.expr), factor),
  ...(rule.for === undefined ? {} : { for: scaledDuration(rule.for, factor) }),
});

export const scaledGroups = (groups: readonly Group[], factor: number): Group[] =>
  groups.map((group) => ({
    ...group,
    ...(group.interval === undefined ? {} : { interval: scaledDuration(group.interval, factor) }),
    rules: (group.rules ?? []).map((rule) => scaledRule(rule, factor)),
  }));
