// What the login of the snapshots may do, action by action: each that its role names is needed, and it has no others
// on the reviews themselves.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { errors } from '@elastic/elasticsearch';
import { describe, expect, test } from '@jest/globals';
import { takeSnapshot } from '../../../components/snapshots/program/run.ts';
import type { Snapshot } from '../../../components/snapshots/program/snapshots.ts';
import { review } from '../../reviews/support/reviews.ts';
import type { Bench } from '../support/place.ts';
import type { Scene } from '../support/scene.ts';

const status = async (asked: Promise<unknown>): Promise<number> => {
  try {
    await asked;
    return 200;
  } catch (error) {
    if (error instanceof errors.ResponseError) return error.statusCode ?? 0;
    throw error;
  }
};

/** Until all rights are back: a running node reads its roles every five seconds. */
const taken = async ({ ports }: Bench): Promise<Snapshot> => {
  for (let tries = 0; ; tries += 1) {
    const done = await takeSnapshot(ports);
    const removed = await ports.elasticsearch.removeBeside('drill-of-nobody');
    if (done.ok && !removed.ok && removed.trouble === 'absent') return done.value;
    if (tries > 30) throw new Error(done.ok ? 'not all rights are back' : done.detail);
    await pause(1000);
  }
};

export function rightsSuite(scene: () => Scene): void {
  describe('the login of the snapshots', () => {
    test('may neither write nor delete reviews, nor see users, nor change the cluster', async () => {
      await scene().writeSome(2);
      const client = scene().place.server.client('snapshots');
      const asked: Record<string, () => Promise<unknown>> = {
        write: () => client.create({ index: 'reviews', id: 'X', document: review('X') }),
        'delete one': () => client.delete({ index: 'reviews-2026.11', id: 'S-2026-11-0' }),
        'delete a month': () => client.indices.delete({ index: 'reviews-2026.11' }),
        'close a month': () => client.indices.close({ index: 'reviews-2026.11' }),
        users: () => client.security.getUser({}),
        settings: () => client.cluster.putSettings({ persistent: { 'action.auto_create_index': 'false' } }),
        'another index': () => client.index({ index: 'parcels', document: { a: 1 } }),
        'delete the record': () => client.indices.delete({ index: 'backup-record' }),
        'forget the repository': () => client.snapshot.deleteRepository({ name: 'reviews' }),
      };
      for (const [what, ask] of Object.entries(asked)) expect([what, await status(ask())]).toEqual([what, 403]);
    });

    test('is of single actions: none of a whole kind that would grow with Elasticsearch', () => {
      const { folder } = scene().place.server;
      const text = readFileSync(join(folder, 'config/roles.yml'), 'utf8');
      const role = text.slice(text.indexOf('reviews-snapshots:'));
      const cluster = role.slice(role.indexOf('cluster:'), role.indexOf('indices:'));
      const named = [...cluster.matchAll(/^ +- (\S+)$/gm)].map(([, action]) => action);
      expect(named.length).toBeGreaterThan(8);
      expect(named.filter((action) => action?.startsWith('cluster:') !== true)).toEqual([]);
    });

    test.each([
      'cluster:monitor/stats',
      'cluster:monitor/health',
      'cluster:monitor/nodes/stats',
      'cluster:monitor/allocation/stats',
      'cluster:monitor/settings',
      'cluster:admin/repository/get',
      'cluster:admin/repository/put',
      'cluster:admin/repository/verify',
      'cluster:admin/snapshot/get',
      'cluster:admin/snapshot/create',
      'cluster:admin/snapshot/delete',
      'cluster:admin/snapshot/restore',
      'indices:data/read/search',
      'indices:admin/delete',
    ])('needs %s', async (action) => {
      const { folder } = scene().place.server;
      const file = join(folder, 'config/roles.yml');
      const before = readFileSync(file, 'utf8');
      const begin = before.indexOf('reviews-snapshots:');
      const without = before
        .slice(begin)
        .replace(new RegExp(`^ +- ${action}\n`, 'm'), '')
        .replace(`"${action}"`, '"indices:monitor/stats"');
      expect(without).not.toBe(before.slice(begin));
      const at = scene().bench();
      await scene().writeSome(3);
      const { elasticsearch: es } = at.ports;
      // What a right is needed for must be there first.
      const first = await taken(at);
      try {
        writeFileSync(file, before.slice(0, begin) + without);
        const asks = [
          es.cluster,
          es.registered,
          () => es.register({ type: 'fs', settings: { location: `${scene().store}-other` } }),
          es.verify,
          es.snapshots,
          () => es.create('reviews-again', first.note),
          () => es.remove('reviews-of-nobody'),
          () => es.restore({ snapshot: first.name, indices: ['reviews-2026.11'], beside: true, seconds: 60 }),
          () => es.health('reviews-*'),
          () => es.month('reviews-2026.11'),
          () => es.removeBeside('drill-reviews-2026.11'),
          es.disks,
          es.watermark,
        ];
        for (let tries = 0; ; tries += 1) {
          const troubles: string[] = [];
          for (const ask of asks) {
            const answer = await ask();
            if (!answer.ok) troubles.push(answer.trouble);
          }
          if (troubles.includes('forbidden')) break;
          if (tries > 20) throw new Error(`without ${action} nothing is refused: ${troubles.join(', ')}`);
          // A running node reads the file every five seconds.
          await pause(1000);
        }
      } finally {
        writeFileSync(file, before);
        await scene()
          .place.server.client()
          .indices.delete({ index: 'drill-*' }, { ignore: [400, 404] });
        await taken(at);
      }
    });
  });
}
