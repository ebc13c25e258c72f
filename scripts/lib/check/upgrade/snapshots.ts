// Is there a snapshot to go back to? There is no other way back from a newer version.
import type { EsAnswer } from '../../cluster/elasticsearch.ts';
import { entriesOf, fieldOf, listOf, numberOf, textOf } from '../../shape.ts';
import { fromAnswer, no, type Said, unknown, yes } from './line.ts';

export const repositoriesPath = '/_snapshot?master_timeout=10s';
/** The newest ones; the first may still be under way. */
export const newestPath = (repository: string): string =>
  `/_snapshot/${encodeURIComponent(repository)}/_all?sort=start_time&order=desc&size=5&master_timeout=10s`;

const HOURS = 24;

export const repositoriesIn = (answer: unknown): readonly string[] =>
  entriesOf(answer, 'the repositories').map(([name]) => name);

/** `now`: this machine's time, which an hour more or less does not change much in. */
const newestSaid = (repository: string, value: unknown, now: number): Said => {
  const newest = listOf(fieldOf(value, 'snapshots'), 'snapshots').find(
    (snapshot) => textOf(snapshot, 'state') !== 'IN_PROGRESS',
  );
  if (newest === undefined) return no(`repository ${repository} has none`);
  const name = `${textOf(newest, 'snapshot')} in ${repository}`;
  const state = textOf(newest, 'state');
  const failed = numberOf(fieldOf(newest, 'shards'), 'failed');
  if (state !== 'SUCCESS' || failed > 0) return no(`the newest, ${name}, is ${state} with ${failed} failed shards`);
  const hours = Math.round((now - numberOf(newest, 'end_time_in_millis')) / 3_600_000);
  return hours > HOURS ? no(`the newest, ${name}, is ${hours} hours old`) : yes(`${name} is whole, ${hours} hours old`);
};

const order = ['yes', 'unknown', 'no'] as const;

/** A single good one is enough. */
export const snapshotSaid = (repositories: EsAnswer, newest: ReadonlyMap<string, EsAnswer>, now: number): Said =>
  fromAnswer(repositories, (value) => {
    const names = repositoriesIn(value);
    if (names.length === 0) return no('there is no repository, and no other way back from a newer version');
    const said = names.map((name) => {
      const answer = newest.get(name);
      return answer === undefined
        ? unknown(`repository ${name} was not asked`)
        : fromAnswer(answer, (list) => newestSaid(name, list, now));
    });
    return said.toSorted((a, b) => order.indexOf(a.is) - order.indexOf(b.is))[0] ?? unknown('nothing was asked');
  });
