// What the server itself says about settings and indices that another major version does not take any more.
// https://www.elastic.co/docs/api/doc/elasticsearch/operation/operation-migration-deprecations
import type { EsAnswer } from '../cluster/elasticsearch.ts';
import { entriesOf, fields, isRecord, list, NotUnderstood, text } from '../shape.ts';
import { no, notKnown, type Verdict, yes } from './verdict.ts';

export const DEPRECATIONS = 'nothing is deprecated';
export const deprecationsPath = '/_migration/deprecations';

interface Deprecation {
  readonly level: string;
  readonly message: string;
}

const one = (value: unknown): Deprecation => {
  const of = fields(value, 'deprecation');
  const level = text(of['level'], 'level');
  if (!['none', 'info', 'warning', 'critical'].includes(level)) throw new NotUnderstood(`there is a level ${level}`);
  return { level, message: text(of['message'], 'message') };
};

/** Lists of them, and objects of lists; also under names that are not known here. */
const allIn = (answer: unknown): readonly Deprecation[] => {
  const parts = fields(answer, 'deprecations');
  for (const part of ['cluster_settings', 'node_settings', 'index_settings'])
    if (parts[part] === undefined) throw new NotUnderstood(`the answer has no ${part}`);
  return Object.entries(parts).flatMap(([part, value]) =>
    isRecord(value)
      ? entriesOf(value, part).flatMap(([name, of]) => list(of, `${part}.${name}`).map(one))
      : list(value, part).map(one),
  );
};

/** Of an upgrade to another major version, which is what the critical ones are about. */
export const deprecationsVerdict = (answer: EsAnswer): Verdict => {
  if (!answer.ok) {
    const none = answer.status === 400 || answer.status === 404;
    return notKnown(DEPRECATIONS, none ? `${answer.why}: this server does not tell them` : answer.why);
  }
  const all = allIn(answer.value).filter(({ level }) => level !== 'none');
  if (all.length === 0) return yes(DEPRECATIONS, 'none');
  const critical = all.filter(({ level }) => level === 'critical');
  const named = [...new Set((critical.length > 0 ? critical : all).map(({ message }) => message))].slice(0, 5);
  const said = `${critical.length} critical, ${all.length - critical.length} others: ${named.join('; ')}`;
  return critical.length > 0 ? no(DEPRECATIONS, said) : yes(DEPRECATIONS, said);
};
