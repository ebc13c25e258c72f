import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { root } from '../../../scripts/lib/paths.ts';
import { run } from '../../../scripts/lib/process.ts';
import { type Cluster, QUESTIONS, readCluster } from '../../../scripts/lib/questions/answers.ts';
import { type Answered, answeredBy } from '../../../scripts/lib/questions/ask.ts';
import { certificateVerdict } from '../../../scripts/lib/questions/certificate.ts';
import { versionsVerdict } from '../../../scripts/lib/questions/cluster.ts';
import { judge, known } from '../../../scripts/lib/questions/known.ts';
import {
  allocationVerdict,
  filtersVerdict,
  votesVerdict,
  writesVerdict,
} from '../../../scripts/lib/questions/leftovers.ts';
import { watermarksOf } from '../../../scripts/lib/questions/watermarks.ts';
import { agentNode } from '../../agent/support/node.ts';
import type { Server } from '../support/elasticsearch.ts';
import { passwordOf } from '../support/file-realm.ts';

const WATERMARK = 'cluster.routing.allocation.disk.watermark';

/** What `make doctor` asks a node, by its own program as it is sent into a pod, with the agents' login. */
export function doctorSuite(given: () => { server: Server }): void {
  describe('make doctor, asked of a real node', () => {
    const mounts = mkdtempSync(join(tmpdir(), 'doctor-'));
    let node = '';
    beforeAll(async () => {
      node = await agentNode();
      mkdirSync(join(mounts, 'authority'));
      mkdirSync(join(mounts, 'operations'));
      copyFileSync(given().server.caFile, join(mounts, 'authority/ca.crt'));
      writeFileSync(join(mounts, 'operations/username'), 'operations');
      writeFileSync(join(mounts, 'operations/password'), passwordOf('operations'));
    }, 240_000);
    afterAll(() => rmSync(mounts, { recursive: true, force: true }));

    const asked = (...paths: readonly string[]): ReturnType<typeof run> =>
      run(node, ['--input-type=module-typescript', '-', ...paths], {
        input: readFileSync(join(root, 'scripts/lib/questions/in-pod.ts'), 'utf8'),
        env: {
          POD_NAME: 'only',
          OPERATIONS: join(mounts, 'operations'),
          AUTHORITY: join(mounts, 'authority'),
          ELASTICSEARCH_PORT: new URL(given().server.url).port,
        },
        seconds: 60,
      });

    const answered = async (): Promise<Answered> => {
      const { code, stdout, stderr } = await asked(...QUESTIONS);
      if (code !== 0) throw new Error(stderr);
      return answeredBy('only', QUESTIONS, stdout);
    };

    const cluster = async (): Promise<Cluster> => readCluster(known(await answered()));

    const put = (persistent: Readonly<Record<string, string | null>>): Promise<unknown> =>
      given().server.client().cluster.putSettings({ persistent });

    const saysOf = async (): Promise<readonly string[]> => {
      const { settings, state } = await cluster();
      return [
        judge('filters', settings, filtersVerdict),
        judge('allocation', settings, allocationVerdict),
        judge('votes', state, votesVerdict),
        judge('writes', state, writesVerdict),
      ].map(({ says, detail }) => (says === 'yes' ? says : `${says}: ${detail}`));
    };

    test('every question is answered to the login of the agents, and understood', async () => {
      const { health, settings, state } = await cluster();
      expect([health, settings, state].flatMap((one) => (one.known ? [] : [one.why]))).toEqual([]);
      expect(judge('', state, versionsVerdict)).toMatchObject({ says: 'yes', detail: expect.stringMatching(/^9\./) });
      expect(state.known && state.value.copies.length > 0).toBe(true);
      expect(await saysOf()).toEqual(['yes', 'yes', 'yes', 'yes']);
    });

    test('the end of the certificate is that of the one that is served', async () => {
      // It is made for two days.
      expect(certificateVerdict((await answered()).certificateEnds, Date.now()).detail).toBe('1 days are left');
    });

    test('watermarks are those of the server, whoever has set them', async () => {
      const { settings } = await cluster();
      const low = (total: number): number => (settings.known ? watermarksOf(settings.value).low(total) : NaN);
      expect([low(1000), low(2 ** 50)]).toEqual([expect.closeTo(150, 5), 200 * 2 ** 30]);
      await put({ [`${WATERMARK}.low`]: '60%', [`${WATERMARK}.high`]: '70%', [`${WATERMARK}.flood_stage`]: '80%' });
      try {
        const after = (await cluster()).settings;
        // Without the headroom, which only the server's own default has.
        expect(after.known && watermarksOf(after.value).low(2 ** 50)).toBeCloseTo(0.4 * 2 ** 50, -9);
      } finally {
        await put({ [`${WATERMARK}.low`]: null, [`${WATERMARK}.high`]: null, [`${WATERMARK}.flood_stage`]: null });
      }
    });

    test('what somebody has left behind is told', async () => {
      const { server } = given();
      await put({ 'cluster.routing.allocation.exclude._ip': '192.0.2.1', 'cluster.routing.allocation.enable': 'none' });
      await server.client().cluster.postVotingConfigExclusions({ node_names: 'elsewhere' });
      await put({ 'cluster.blocks.read_only_allow_delete': 'true' });
      try {
        expect(await saysOf()).toEqual([
          expect.stringMatching(/^no: cluster\.routing\.allocation\.exclude\._ip is "192\.0\.2\.1"/),
          'no: cluster.routing.allocation.enable is "none"',
          expect.stringMatching(/^no: of elsewhere /),
          expect.stringMatching(/^no: cluster read-only/),
        ]);
      } finally {
        await put({ 'cluster.blocks.read_only_allow_delete': null });
        await put({
          'cluster.routing.allocation.exclude._ip': null,
          'cluster.routing.allocation.enable': null,
        });
        await server.client().cluster.deleteVotingConfigExclusions({ wait_for_removal: false });
      }
      expect(await saysOf()).toEqual(['yes', 'yes', 'yes', 'yes']);
    });

    test('an index that a full disk has closed is named', async () => {
      const { server } = given();
      const settings = { 'index.blocks.read_only_allow_delete': true };
      await server.client().indices.create({ index: 'doctor-full', settings });
      try {
        expect((await saysOf())[3]).toBe('no: a full disk has closed doctor-full');
      } finally {
        await server.client().indices.delete({ index: 'doctor-full' });
      }
    });

    test('a login that is refused is a reason, without the password', async () => {
      writeFileSync(join(mounts, 'operations/password'), 'wrong-password');
      try {
        const { stdout } = await asked('/_cluster/health');
        expect(answeredBy('only', ['/_cluster/health'], stdout).answers[0]).toMatchObject({
          known: false,
          why: expect.stringContaining('was answered with 401'),
        });
        expect(stdout).not.toContain('wrong-password');
      } finally {
        writeFileSync(join(mounts, 'operations/password'), passwordOf('operations'));
      }
    });
  });
}
