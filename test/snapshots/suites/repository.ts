// Whose the repository is, and who may ask.
import { describe, expect, test } from '@jest/globals';
import { drill } from '../../../components/snapshots/program/drill.ts';
import { restore } from '../../../components/snapshots/program/restore.ts';
import { takeSnapshot } from '../../../components/snapshots/program/run.ts';
import type { Scene } from '../support/scene.ts';

export function repositorySuite(scene: () => Scene): void {
  describe('a repository', () => {
    test('that another cluster wrote to last is read only, and nothing is written or deleted', async () => {
      const at = scene().bench();
      await scene().writeSome(5);
      const ours = await scene().taken(at);
      await scene().takenByAnother(at, ours, 'another-one');
      const before = await scene().listed(at);
      const done = await takeSnapshot(at.ports);
      expect(done).toMatchObject({ ok: false, detail: expect.stringContaining('cluster another-one wrote into') });
      expect(at.ports.watched.isOurs).toBe(false);
      expect(await scene().listed(at)).toEqual(before);
      expect(await at.ports.elasticsearch.registered()).toMatchObject({ value: { settings: { readonly: 'true' } } });
      expect(await at.ports.elasticsearch.remove(ours.name)).toMatchObject({ ok: false });
    });

    test('is not asked about by somebody without rights', async () => {
      const at = scene().bench({ user: 'search' });
      expect(await takeSnapshot(at.ports)).toMatchObject({ ok: false, trouble: 'forbidden' });
      expect(await drill(at.ports)).toMatchObject({ ok: false, trouble: 'forbidden' });
      expect(await restore(at.ports, { snapshot: undefined, force: true })).toMatchObject({ ok: false });
    });

    test('whose place is not allowed is refused with Elasticsearch’s own words', async () => {
      const at = scene().bench();
      const ports = { ...at.ports, repository: { type: 'fs', settings: { location: '/somewhere/else' } } };
      expect(await takeSnapshot(ports)).toMatchObject({ ok: false, detail: expect.stringContaining('path.repo') });
    });
  });
}
