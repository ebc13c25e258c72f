// Restores bring every review back, into a cluster without reviews only.
import { describe, expect, test } from '@jest/globals';
import { bad } from '../../../base/lib/answer.ts';
import { restore } from '../../../components/snapshots/program/restore.ts';
import { takeSnapshot } from '../../../components/snapshots/program/run.ts';
import { removeAll } from '../../reviews/support/reviews.ts';
import { flipBytes, largestBlob } from '../support/damage.ts';
import type { Scene } from '../support/scene.ts';

export function restoreSuite(scene: () => Scene): void {
  describe('a restore', () => {
    test('is refused where there are reviews, and brings back each of them where there are none', async () => {
      const at = scene().bench();
      await scene().writeSome(400);
      await scene().writeSome(60, '2026-10');
      const before = await scene().all();
      await scene().taken(at);
      const wish = { snapshot: undefined, force: false };
      expect(await restore(at.ports, wish)).toMatchObject({
        ok: false,
        detail: expect.stringMatching(/has 460 reviews in reviews-2026\.10, reviews-2026\.11: nothing was restored/),
      });
      await removeAll(scene().place.server);
      const done = await restore(at.ports, wish);
      expect(done).toMatchObject({ ok: true, value: { reviews: 460, months: 2 } });
      expect(await scene().all()).toEqual(before);
      expect(await scene().beside()).toEqual([]);
      expect(await scene().readable()).toMatchObject({ value: 460 });
    });

    test('takes the repository over from the cluster that was lost', async () => {
      const at = scene().bench();
      await scene().writeSome(12);
      const ours = await scene().taken(at);
      const name = await scene().takenByAnother(at, ours, 'the-one-that-was-lost');
      await removeAll(scene().place.server);
      expect(await takeSnapshot(at.ports)).toMatchObject({ ok: false });
      const done = await restore(at.ports, { snapshot: undefined, force: false });
      expect(done.ok ? '' : done.detail).toBe('');
      expect(done).toMatchObject({ ok: true, value: { reviews: 12, snapshot: name } });
      expect(at.ports.watched.isOurs).toBe(true);
      expect((await scene().taken(at)).note.cluster).toBe(ours.note.cluster);
    });

    test('that was interrupted after the months were back goes on; over anything else nothing is', async () => {
      const at = scene().bench();
      await scene().writeSome(12);
      const ours = await scene().taken(at);
      await scene().takenByAnother(at, ours, 'the-one-that-was-lost');
      await removeAll(scene().place.server);
      const wish = { snapshot: undefined, force: false };
      const { elasticsearch: es } = at.ports;
      // The second question is that of whoever takes the repository over.
      let asked = 0;
      const cluster: typeof es.cluster = async () => {
        asked += 1;
        return asked > 1 ? bad('no-answer', 'the connection broke') : es.cluster();
      };
      expect(await restore({ ...at.ports, elasticsearch: { ...es, cluster } }, wish)).toMatchObject({ ok: false });
      await scene().writeSome(1, '2026-11', 'MORE');
      expect(await restore(at.ports, wish)).toMatchObject({ ok: false, detail: expect.stringContaining('13 reviews') });
      const one = { index: 'reviews-2026.11', id: 'MORE-2026-11-0' };
      await scene()
        .place.server.client()
        .delete({ ...one, refresh: true });
      const done = await restore(at.ports, wish);
      expect(done.ok ? '' : done.detail).toBe('');
      expect(done).toMatchObject({ ok: true, value: { reviews: 12 } });
      expect(at.said.join('\n')).toContain('are here already: goes on after them');
      expect(at.ports.watched.isOurs).toBe(true);
    });

    test('takes the snapshot that is named, and none that is not there or not good', async () => {
      const at = scene().bench();
      await scene().writeSome(3);
      const first = await scene().taken(at);
      await scene().writeSome(4, '2026-12');
      await scene().taken(at);
      await removeAll(scene().place.server);
      expect(await restore(at.ports, { snapshot: 'reviews-nothing', force: false })).toMatchObject({
        ok: false,
        detail: expect.stringContaining('has no snapshot reviews-nothing'),
      });
      const done = await restore(at.ports, { snapshot: first.name, force: false });
      expect(done).toMatchObject({ ok: true, value: { reviews: 3, snapshot: first.name } });
    });

    test('that is not as recorded is none; with force it is told what is wrong', async () => {
      const at = scene().bench();
      await scene().writeSome(20);
      const { elasticsearch: es } = at.ports;
      // What is recorded is of more than there is.
      const month: typeof es.month = async (name) => {
        const found = await es.month(name);
        return found.ok ? { ok: true, value: { ...found.value, reviews: found.value.reviews + 1 } } : found;
      };
      const { name } = await scene().taken({ ...at, ports: { ...at.ports, elasticsearch: { ...es, month } } });
      await removeAll(scene().place.server);
      expect(await restore(at.ports, { snapshot: name, force: false })).toMatchObject({
        ok: false,
        detail: expect.stringMatching(/restored, but not as recorded: .*has 20 reviews, but 21/),
      });
      await removeAll(scene().place.server);
      expect(await restore(at.ports, { snapshot: name, force: true })).toMatchObject({
        ok: true,
        value: { reviews: 20, recorded: true, wrong: [expect.stringContaining('but 21 were recorded')] },
      });
      expect(at.said.join('\n')).toContain('not all is back');
    });

    test('of a damaged snapshot says so', async () => {
      const at = scene().bench();
      await scene().writeSome(2000);
      await scene().taken(at);
      await removeAll(scene().place.server);
      flipBytes(largestBlob(scene().store));
      expect(await restore(at.ports, { snapshot: undefined, force: false })).toMatchObject({
        ok: false,
        detail: expect.stringMatching(/1 of 1 shards .* damaged/),
      });
    });
  });
}
