// Drills find what is wrong with a snapshot, and leave nothing.
import { describe, expect, test } from '@jest/globals';
import { drill } from '../../../components/snapshots/program/drill.ts';
import { takeSnapshot } from '../../../components/snapshots/program/run.ts';
import { flipBytes, largestBlob, snapshotFiles } from '../support/damage.ts';
import type { Scene } from '../support/scene.ts';

export function drillSuite(scene: () => Scene): void {
  describe('a drill', () => {
    test('restores every month, finds it as recorded, and leaves nothing', async () => {
      const at = scene().bench();
      await scene().writeSome(300);
      await scene().writeSome(40, '2026-10');
      await scene().taken(at);
      await scene().writeSome(7, '2026-11', 'LATER');
      const before = await scene().all();
      expect(await scene().drilled(at)).toMatchObject({ good: true, reviews: 340 });
      expect(await scene().beside()).toEqual([]);
      expect(await scene().all()).toEqual(before);
      expect(await scene().readable()).toMatchObject({ value: 347 });
      expect(await at.ports.elasticsearch.words('backup-record', 'drill')).toMatchObject({ ok: true });
    });

    test('restores a month whose writes wait for more copies than a drill makes, as in production', async () => {
      const at = scene().bench();
      await scene().writeSome(20);
      await scene()
        .place.server.client()
        .indices.putSettings({
          index: 'reviews-*',
          settings: { number_of_replicas: 2, 'write.wait_for_active_shards': '2' },
        });
      await scene().taken(at);
      expect(await scene().drilled(at)).toMatchObject({ good: true, reviews: 20 });
    });

    test('finds bytes that have changed in a snapshot, says so, and cleans up', async () => {
      const at = scene().bench();
      await scene().writeSome(2000);
      await scene().taken(at);
      const mend = flipBytes(largestBlob(scene().store));
      const done = await drill(at.ports);
      expect(done).toMatchObject({ ok: false, detail: expect.stringMatching(/reviews-2026\.11 is damaged/) });
      expect(at.ports.watched.drilled).toMatchObject({ good: false, lastGood: 0 });
      expect(await scene().beside()).toEqual([]);
      mend();
      expect((await scene().drilled(at)).good).toBe(true);
      expect(at.ports.watched.drilled).toMatchObject({ good: true });
    });

    test('does not take a repository for empty whose snapshots cannot be read', async () => {
      const at = scene().bench();
      await scene().writeSome(20);
      const first = await scene().taken(at);
      const own = snapshotFiles(scene().store).filter((file) => !file.includes('/indices/'));
      expect(own).toHaveLength(1);
      flipBytes(own[0] ?? '');
      await scene().place.server.client().snapshot.deleteRepository({ name: 'reviews' });
      const done = await takeSnapshot(at.ports);
      expect(done).toMatchObject({ ok: false, detail: expect.stringContaining('nothing is written') });
      expect(at.ports.watched.held).toMatchObject({ good: 0, unreadable: 1 });
      expect(first.state).toBe('SUCCESS');
    });

    test('finds reviews that are missing in a snapshot', async () => {
      const at = scene().bench();
      await scene().writeSome(20);
      const { elasticsearch: es } = at.ports;
      // What was recorded is of more than there is.
      const ports = {
        ...at.ports,
        elasticsearch: {
          ...es,
          month: async (name: string) => {
            const found = await es.month(name);
            return found.ok && name.startsWith('reviews-')
              ? { ok: true as const, value: { ...found.value, reviews: found.value.reviews + 1 } }
              : found;
          },
        },
      };
      await scene().taken({ ...at, ports });
      expect(await drill(at.ports)).toMatchObject({
        ok: false,
        detail: expect.stringContaining('has 20 reviews, but 21'),
      });
    });

    test('is refused where there is no room, and where there is no good snapshot', async () => {
      const at = scene().bench();
      expect(await drill(at.ports)).toMatchObject({ ok: false, trouble: 'absent' });
      await scene().writeSome(20);
      await scene().taken(at);
      const full = { ...at.ports.elasticsearch, disks: async () => ({ ok: true as const, value: [] }) };
      const done = await drill({ ...at.ports, elasticsearch: full });
      expect(done).toMatchObject({ ok: false, detail: expect.stringContaining('no room for reviews-2026.11') });
      expect(await scene().beside()).toEqual([]);
    });

    test('removes what a process before it has left', async () => {
      const at = scene().bench();
      await scene().writeSome(5);
      await scene().taken(at);
      await scene().place.server.client().indices.create({ index: 'drill-reviews-2025.01' });
      expect((await scene().drilled(at)).good).toBe(true);
      expect(await scene().beside()).toEqual([]);
    });
  });
}
