// What the server itself says about settings and indices that a later version does not take any more.
// https://www.elastic.co/docs/api/doc/elasticsearch/operation/operation-migration-deprecations
import type { EsAnswer } from '../../cluster/elasticsearch.ts';
import { entriesOf, fieldOf, isRecord, listOf, NotUnderstood, textOf } from '../../shape.ts';
import { fromAnswer, no, type Said, unknown, yes } from './line.ts';

export const deprecationsPath = '/_migration/deprecations';

interface Deprecation {
  readonly level: string;
  readonly message: string;
}

const one = (value: unknown): Deprecation => {
  const level = textOf(value, 'level');
  if (!['none', 'info', 'warning', 'critical'].includes(level)) throw new NotUnderstood(`level ${level}`);
  return { level, message: textOf(value, 'message') };
};

/** Lists of them, and objects of lists; also under names that are not known here. */
const allIn = (answer: unknown): readonly Deprecation[] => {
  for (const part of ['cluster_settings', 'node_settings', 'index_settings']) fieldOf(answer, part);
  return entriesOf(answer, 'the answer').flatMap(([part, value]) =>
    isRecord(value)
      ? entriesOf(value, part).flatMap(([name, list]) => listOf(list, `${part}.${name}`).map(one))
      : listOf(value, part).map(one),
  );
};

/** `major`: the upgrade is to another major version, which is what the critical ones are about. */
const read = (value: unknown, major: boolean): Said => {
  const all = allIn(value).filter(({ level }) => level !== 'none');
  if (all.length === 0) return yes('none');
  const critical = all.filter(({ level }) => level === 'critical');
  const named = [...new Set((critical.length > 0 ? critical : all).map(({ message }) => message))].slice(0, 5);
  const said = `${critical.length} critical, ${all.length - critical.length} others: ${named.join('; ')}`;
  return critical.length > 0 && major ? no(said) : yes(`${said} (for the next major version)`);
};

export const deprecationsSaid = (answer: EsAnswer, major: boolean): Said => {
  if (!answer.ok && (answer.status === 400 || answer.status === 404))
    return unknown(`${answer.why}: this server does not tell them`);
  return fromAnswer(answer, (value) => read(value, major));
};
