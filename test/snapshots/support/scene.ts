// What the suites do to a real Elasticsearch with a repository of their own.
import { join } from 'node:path';
import type { Answer } from '../../../base/lib/answer.ts';
import { drill } from '../../../components/snapshots/program/drill.ts';
import { takeSnapshot } from '../../../components/snapshots/program/run.ts';
import type { Snapshot } from '../../../components/snapshots/program/snapshots.ts';
import type { Drilled } from '../../../components/snapshots/program/watched.ts';
import { review, write } from '../../reviews/support/reviews.ts';
import { type Bench, type BenchOptions, benchIn, type Place } from './place.ts';

/** Why there is none is told with all that was said before. */
const valueOf = <Value>(done: Answer<Value>, said: readonly string[]): Value => {
  if (!done.ok) throw new Error([done.detail, ...said].join('\n'));
  return done.value;
};

export class Scene {
  constructor(
    readonly place: Place,
    readonly folder: string,
  ) {}

  bench(options: BenchOptions = {}): Bench {
    return benchIn(this.place, this.folder, options);
  }

  get store(): string {
    return join(this.place.store, this.folder);
  }

  async writeSome(howMany: number, month = '2026-11', prefix = 'S'): Promise<void> {
    const day = (i: number): string => String(1 + (i % 28)).padStart(2, '0');
    await write(
      this.place.server,
      Array.from({ length: howMany }, (_, i) =>
        review(`${prefix}-${month}-${i}`, {
          delivered_at: `${month}-${day(i)}T10:00:00Z`,
          rating: 1 + (i % 5),
          text: { nl: `Pakket ${i} was ${prefix} nat en ${'te laat '.repeat(i % 7)}.` },
        }),
      ),
    );
  }

  /** Every review, whole. */
  async all(): Promise<readonly unknown[]> {
    const client = this.place.server.client();
    await client.indices.refresh({ index: 'reviews-*' });
    const found = await client.search({ index: 'reviews-*', size: 5000, sort: [{ delivery_id: 'asc' }] });
    return found.hits.hits.map(({ _index, _id, _source }) => ({ _index, _id, _source }));
  }

  /** As readers count them, by the name that all months have. */
  async readable(): Promise<unknown> {
    const client = this.place.server.client();
    return (await client.search({ index: 'reviews', size: 0, track_total_hits: true })).hits.total;
  }

  async taken({ ports, said }: Bench): Promise<Snapshot> {
    return valueOf(await takeSnapshot(ports), said);
  }

  async drilled({ ports, said }: Bench): Promise<Drilled> {
    return valueOf(await drill(ports), said);
  }

  async listed({ ports }: Bench): Promise<readonly string[]> {
    const found = await ports.elasticsearch.snapshots();
    if (!found.ok) throw new Error(found.detail);
    return found.value.snapshots.map(({ name }) => name);
  }

  /** One that says it was taken by another cluster, later than all others. */
  async takenByAnother({ ports }: Bench, like: Snapshot, cluster: string): Promise<string> {
    const name = 'reviews-2099-01-01-000000';
    const begun = await ports.elasticsearch.create(name, { ...like.note, cluster });
    if (!begun.ok) throw new Error(begun.detail);
    for (let tries = 0; tries < 300; tries += 1) {
      const found = await ports.elasticsearch.snapshots();
      if (found.ok && found.value.snapshots.every(({ state }) => state === 'SUCCESS')) return name;
      await ports.sleep(0.2);
    }
    throw new Error(`snapshot ${name} does not end`);
  }

  /** What a drill has left. */
  async beside(): Promise<string[]> {
    const found = await this.place.server.client().indices.get({ index: 'drill-*', allow_no_indices: true });
    return Object.keys(found);
  }
}
