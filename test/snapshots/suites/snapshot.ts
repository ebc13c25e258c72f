// Snapshots are taken, judged, waited for and deleted.
import { describe, expect, test } from '@jest/globals';
import { lastDrill } from '../../../components/snapshots/program/drill.ts';
import { isGood } from '../../../components/snapshots/program/snapshots.ts';
import type { Scene } from '../support/scene.ts';

export function snapshotSuite(scene: () => Scene): void {
  describe('a snapshot', () => {
    test('of a cluster without reviews is good, and so is one of two months', async () => {
      const at = scene().bench();
      expect(isGood(await scene().taken(at))).toBe(true);
      await scene().writeSome(30);
      await scene().writeSome(20, '2026-10');
      const snapshot = await scene().taken(at);
      expect(isGood(snapshot)).toBe(true);
      expect(snapshot.note).toMatchObject({ months: 2, reviews: 50 });
      expect(at.ports.watched).toMatchObject({ isOurs: true, held: { good: 2, others: 0, unreadable: 0 } });
      expect(at.ports.watched.lastGood?.start).toBe(snapshot.start);
    });

    test('with a month that has lost its copies is PARTIAL: it is kept, and does not count as good', async () => {
      const at = scene().bench();
      await scene().writeSome(10);
      const before = await scene().taken(at);
      await scene()
        .place.server.client()
        .indices.create({
          index: 'reviews-2026.09',
          settings: { 'index.routing.allocation.require._name': 'nobody', number_of_replicas: 0 },
          wait_for_active_shards: 0,
          timeout: '1s',
        });
      const snapshot = await scene().taken(at);
      expect(snapshot.state).toBe('PARTIAL');
      expect(isGood(snapshot)).toBe(false);
      expect(at.ports.watched.lastGood?.start).toBe(before.start);
      expect(at.said.join('\n')).toMatch(/could not be recorded[\s\S]*is not good/);
      expect(await scene().listed(at)).toEqual(expect.arrayContaining([before.name, snapshot.name]));
    });

    test('is good again when its record was deleted: it is made anew, and no drill is known of any more', async () => {
      const at = scene().bench();
      await scene().writeSome(10);
      const before = await scene().taken(at);
      expect((await scene().drilled(at)).good).toBe(true);
      expect(await lastDrill(at.ports, 'backup-record')).toMatchObject({ ok: true });
      await scene().place.server.client().indices.delete({ index: 'backup-record' });
      expect(await lastDrill(at.ports, 'backup-record')).toMatchObject({ ok: false, trouble: 'absent' });
      // As one that had begun when it went.
      expect((await at.ports.elasticsearch.create('reviews-without-record', before.note)).ok).toBe(true);
      const first = await scene().taken(at);
      // Whichever way the race with the server goes: it was waited for, or had ended before.
      const isIt = first.name === 'reviews-without-record';
      expect(isGood(first)).toBe(!isIt);
      if (isIt) expect(isGood(await scene().taken(at))).toBe(true);
      expect(await scene().drilled(at)).toMatchObject({ reviews: 10 });
    });

    test('that runs already is waited for, and no second one is begun', async () => {
      const at = scene().bench();
      await scene().writeSome(500);
      const first = await scene().taken(at);
      const begun = await at.ports.elasticsearch.create('reviews-of-the-process-before', first.note);
      expect(begun.ok).toBe(true);
      // Whichever way the race with the server goes there are no more than two.
      await scene().taken(at);
      expect((await scene().listed(at)).length).toBeLessThanOrEqual(3);
    });

    test('goes when its time is over, but for the last good one', async () => {
      const now = scene().bench();
      await scene().writeSome(5);
      const first = await scene().taken(now);
      const second = await scene().taken(now);
      expect(await scene().listed(now)).toHaveLength(2);
      const later = scene().bench({ ahead: 20 * 86_400 });
      await scene().taken(later);
      const left = await scene().listed(later);
      expect(left).not.toContain(first.name);
      expect(left).not.toContain(second.name);
      expect(left).toHaveLength(1);
    });
  });
}
