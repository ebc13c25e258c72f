// The probe of components/reviews-probe before a real node, as its user and with the set-up's templates.
import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { estypes } from '@elastic/elasticsearch';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { dump, load } from 'js-yaml';
import type { Answer } from '../../../base/lib/answer.ts';
import { asUser } from '../../../base/lib/user.ts';
import { type Elasticsearch, elasticsearch } from '../../../components/reviews-probe/program/elasticsearch.ts';
import { OWN, ownIndices } from '../../../components/reviews-probe/program/indices.ts';
import { root } from '../../../scripts/lib/paths.ts';
import { rolesOfTheBase } from '../../support/roles.ts';
import type { Server } from '../support/elasticsearch.ts';
import { ProbeProgram } from '../support/probe.ts';
import { removeAll, review, where, write } from '../support/reviews.ts';
import { type Mounts, setUp } from '../support/set-up.ts';

const SECONDS = 10;

export function probeSuite(given: () => { server: Server; mounts: Mounts }): void {
  describe('the probe', () => {
    const more = (): string => join(given().mounts.index, 'more-probe.json');
    let probe: Elasticsearch;
    const now = new Date();
    const [month = ''] = ownIndices(now);

    const foundSoon = async (id: string): Promise<Answer<boolean>> => {
      for (let tries = 0; ; tries += 1) {
        const found = await probe.isFound(id, SECONDS);
        if (!found.ok || found.value || tries > 50) return found;
        await pause(100);
      }
    };
    const ours = async (): Promise<string[]> =>
      Object.keys(
        await given()
          .server.client()
          .indices.get({ index: `${OWN}*` }),
      );

    beforeAll(async () => {
      const { server, mounts } = given();
      copyFileSync(join(root, 'components/reviews-probe/index/more-probe.json'), more());
      const { code, stdout } = await setUp(server, mounts);
      if (code !== 0) throw new Error(stdout);
      await removeAll(server);
      probe = elasticsearch(
        asUser({
          host: 'localhost',
          port: Number(new URL(server.url).port),
          authority: join(server.folder, 'config/certificates'),
          login: join(mounts.users, 'probe'),
        }),
      );
    }, 120_000);
    afterAll(async () => {
      const { server } = given();
      rmSync(more());
      const client = server.client();
      for (const index of await ours()) await client.indices.delete({ index });
      await client.indices.deleteIndexTemplate({ name: ['probe-reviews-months', 'probe-reviews-name'] });
      await client.ingest.deletePipeline({ id: 'probe-reviews-by-month' });
      await removeAll(server);
    });

    test('writes once by the own pipeline of the reviews, and finds it; no reader of reviews does', async () => {
      const { server } = given();
      await write(server, [review('P-1')]);
      expect(await probe.write('probe-1', now, SECONDS)).toEqual({ ok: true, value: undefined });
      expect(await probe.write('probe-1', now, SECONDS)).toMatchObject({ trouble: 'conflict' });
      expect(await foundSoon('probe-1')).toEqual({ ok: true, value: true });
      expect(await probe.isFound('probe-2', SECONDS)).toEqual({ ok: true, value: false });
      // One is found where it is one of many months, too.
      const before = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - 1, 15));
      expect(await probe.write('probe-2', before, SECONDS)).toMatchObject({ ok: true });
      expect(await foundSoon('probe-2')).toEqual({ ok: true, value: true });
      expect(await probe.write('probe-3', now, SECONDS)).toMatchObject({ ok: true });
      expect((await ours()).sort()).toEqual([...ownIndices(now).slice(1, 2), month]);
      expect(await where(server)).toEqual(['reviews-2026.11/P-1']);
      const counted = await server.client('search').count({ index: 'reviews' });
      expect(counted.count).toBe(1);
    });

    test('its index is what a month of reviews is, but for name, alias and pipeline', async () => {
      const all = await given()
        .server.client()
        .indices.get({ index: ['reviews-2026.11', month] });
      const [own, months] = [month, 'reviews-2026.11'].map((name) => {
        const { settings, mappings, aliases } = all[name] ?? {};
        const { uuid, creation_date, provided_name, default_pipeline, ...index } = settings?.index ?? {};
        expect([uuid, creation_date, provided_name]).not.toContain(undefined);
        return { same: { index, mappings }, pipeline: default_pipeline, aliases };
      });
      expect(own?.same).toEqual(months?.same);
      expect(own).toMatchObject({ pipeline: 'probe-reviews-by-month', aliases: { [OWN]: {} } });
      expect(Object.keys(own?.aliases ?? {})).toEqual([OWN]);
    });

    test('searches all months; where there is none, or one cannot be searched, that is no good answer', async () => {
      const { server } = given();
      expect(await probe.search(SECONDS)).toEqual({ ok: true, value: undefined });
      const client = server.client();
      await client.indices.create({
        index: 'reviews-2026.09',
        settings: { 'index.routing.allocation.require._name': 'nobody' },
        wait_for_active_shards: 0,
      });
      expect(await probe.search(SECONDS)).toMatchObject({ ok: false, trouble: 'busy' });
      // Its own index has a shard.
      expect(await probe.isFound('probe-1', SECONDS)).toMatchObject({ ok: true });
      await removeAll(server);
      expect(await probe.search(SECONDS)).toMatchObject({ ok: false, trouble: 'absent' });
    });

    test('where the pipeline would lead to a month of reviews nothing is written', async () => {
      const { server, mounts } = given();
      const client = server.client();
      const own = readFileSync(join(root, 'base/reviews/index/pipeline.json'), 'utf8');
      const { processors } = JSON.parse(own) as estypes.IngestPipeline;
      await client.ingest.putPipeline({ id: 'probe-reviews-by-month', ...(processors && { processors }) });
      expect(await probe.write('probe-4', now, SECONDS)).toMatchObject({ ok: false, trouble: 'forbidden' });
      // Each hour.
      expect(await setUp(server, mounts)).toEqual(expect.objectContaining({ code: 0 }));
      expect(await probe.write('probe-4', now, SECONDS)).toMatchObject({ ok: true });
    });

    test('deletes all that is its own, and where there is nothing that is well, too', async () => {
      const { server } = given();
      await write(server, [review('P-1')]);
      expect((await ours()).length).toBeGreaterThan(1);
      expect(await probe.clear(now)).toEqual({ ok: true, value: undefined });
      expect(await ours()).toEqual([]);
      expect(await probe.clear(now)).toEqual({ ok: true, value: undefined });
      expect(await where(server)).toEqual(['reviews-2026.11/P-1']);
    });

    test('is not had with any of the actions of its role less', async () => {
      interface Role {
        indices: { names: string[]; privileges: string[] }[];
      }
      const roles = load(rolesOfTheBase()) as Record<string, Role>;
      const file = join(given().server.folder, 'config/roles.yml');
      const grants = roles['reviews-probe']?.indices ?? [];
      const all = grants.flatMap(({ privileges }) => privileges);
      /** Everything that it does; the first thing that it may not. */
      const works = async (): Promise<boolean> => {
        const id = `probe-${performance.now()}`;
        const done = [
          await probe.clear(now),
          await probe.write(id, now, SECONDS),
          await probe.isFound(id, SECONDS),
          await probe.search(SECONDS),
        ];
        return done.every((answer) => answer.ok);
      };
      const enough: string[] = [];
      try {
        await write(given().server, [review('P-2')]);
        expect(await works()).toBe(true);
        for (const privilege of all) {
          const fewer = grants.map(({ names, privileges }) => ({
            names,
            privileges: privileges.filter((one) => one !== privilege),
          }));
          const left = fewer.filter(({ privileges }) => privileges.length > 0);
          writeFileSync(file, dump({ ...roles, 'reviews-probe': { indices: left } }));
          const end = Date.now() + 15_000;
          // The node reads the file again every five seconds.
          let well = true;
          while (well && Date.now() < end) {
            await pause(500);
            well = await works();
          }
          if (well) enough.push(privilege);
        }
      } finally {
        writeFileSync(file, rolesOfTheBase());
      }
      while (!(await works())) await pause(500);
      expect(all).toHaveLength(5);
      expect(enough).toEqual([]);
    }, 150_000);

    test('as a program: writes, finds, searches, tells so; the next one deletes what it has left', async () => {
      const { server, mounts } = given();
      const program = await ProbeProgram.create(server, mounts);
      try {
        program.start();
        await program.untilSaid('is deleted');
        let text = '';
        const good = (name: string): number =>
          Number(new RegExp(`^reviews_probe_${name}_total\\{outcome="good"\\} (\\d+)$`, 'm').exec(text)?.[1]);
        for (let tries = 0; tries < 300; tries += 1) {
          text = await program.scrape();
          if (good('lookups') > 3 && good('searches') > 3) break;
          await pause(100);
        }
        expect(text).not.toMatch(/outcome="(?:bad|unready)"\} [1-9]/);
        expect(good('writes')).toBeGreaterThan(3);
        expect(text).toMatch(/^reviews_probe_found_seconds_bucket\{le="5.0"\} [1-9]/m);
        expect(text).toMatch(/^reviews_probe_cleared_timestamp_seconds 1[0-9.]+$/m);
        // As somebody who pulls the plug.
        await program.stop('SIGKILL');
        const left = (await server.client().count({ index: OWN })).count;
        expect(left).toBeGreaterThan(0);
        program.start();
        await program.untilSaid('is deleted');
        await program.stop('SIGTERM');
        expect(program.log).not.toContain('"WARN"');
        expect(program.log).not.toContain(program.password);
        expect(await where(server)).toEqual(['reviews-2026.11/P-1', 'reviews-2026.11/P-2']);
      } finally {
        await program.remove();
      }
    }, 120_000);
  });
}
