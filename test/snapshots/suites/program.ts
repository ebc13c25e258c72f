// The program as its container runs it: from mounted ConfigMaps, by the Node.js of the image, asked through its socket.
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { root } from '../../../scripts/lib/paths.ts';
import { type Finished, run } from '../../../scripts/lib/process.ts';
import { agentNode } from '../../agent/support/node.ts';
import { snapshotsEnvironment } from '../../monitoring/support/snapshots-text.ts';
import { passwordOf } from '../../reviews/support/file-realm.ts';
import { mountConfigMap } from '../../support/config-map.ts';
import { freePort } from '../../support/free-port.ts';
import type { Scene } from '../support/scene.ts';

const program = 'opt/components/snapshots/program';

export function programSuite(scene: () => Scene): void {
  describe('the program', () => {
    let folder = '';
    let child: ChildProcess | undefined;
    let log = '';
    let environment: Record<string, string> = {};

    beforeEach(async () => {
      folder = mkdtempSync(join(tmpdir(), 'snapshots-program-'));
      mountConfigMap(join(root, 'components/snapshots/program'), join(folder, program));
      mountConfigMap(join(root, 'base/lib'), join(folder, 'opt/base/lib'));
      mkdirSync(join(folder, 'run'));
      const location = `${scene().place.store}/{namespace}`;
      writeFileSync(join(folder, 'repository.json'), JSON.stringify({ type: 'fs', settings: { location } }));
      log = '';
      environment = {
        ...snapshotsEnvironment(),
        POD_NAMESPACE: scene().folder,
        ELASTICSEARCH_URL: scene().place.server.url,
        AUTHORITY: join(scene().place.server.folder, 'config/certificates'),
        LOGIN: join(scene().place.mounts.users, 'snapshots'),
        REPOSITORY: join(folder, 'repository.json'),
        FOLDER: join(folder, 'run'),
        READY_FILE: join(folder, 'ready'),
        METRICS_PORT: String(await freePort()),
        RETRY_SECONDS: '1',
      };
    });
    afterEach(async () => {
      await stop('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    });

    const start = async (): Promise<void> => {
      child = spawn(await agentNode(), [join(folder, program, 'main.ts')], { env: environment, stdio: 'pipe' });
      for (const stream of [child.stdout, child.stderr]) stream?.on('data', (text: Buffer) => (log += text.toString()));
    };
    const stop = async (signal: NodeJS.Signals): Promise<number | null> => {
      const running = child;
      child = undefined;
      if (running === undefined || running.exitCode !== null) return running?.exitCode ?? null;
      const ended = new Promise<number | null>((resolve) => running.once('close', resolve));
      running.kill(signal);
      return ended;
    };
    const metric = async (name: string): Promise<number> => {
      const answer = await fetch(`http://127.0.0.1:${environment['METRICS_PORT']}/metrics`).catch(() => undefined);
      const text = (await answer?.text()) ?? '';
      return Number(new RegExp(`^reviews_snapshots_${name} (\\S+)$`, 'm').exec(text)?.[1] ?? Number.NaN);
    };
    const until = async (what: string, is: () => Promise<boolean>): Promise<void> => {
      for (let tries = 0; !(await is()); tries += 1) {
        if (tries > 600) throw new Error(`${what} does not come: ${log}`);
        await pause(200);
      }
    };
    const call = async (...words: readonly string[]): Promise<Finished> =>
      run(await agentNode(), [join(folder, program, 'call.ts'), ...words], { env: environment, seconds: 100 });

    test('snapshots and drills by itself, and goes on from what the repository says after it was killed', async () => {
      await scene().writeSome(25);
      await start();
      await until('a good snapshot', async () => (await metric('last_good_timestamp_seconds')) > 0);
      expect(existsSync(environment['READY_FILE'] ?? '')).toBe(true);
      const first = await metric('last_good_timestamp_seconds');
      const drilled = await call('drill');
      // Its own may be going on.
      expect(drilled.stdout).toMatch(/^OK .*"reviews":25|is going on: try again/m);
      await until('a drill', async () => (await metric('last_drill_good')) === 1);
      await stop('SIGKILL');
      await start();
      await until('what was', async () => (await metric('last_good_timestamp_seconds')) === first);
      await until('the drill that was', async () => (await metric('last_drill_good')) === 1);
      const status = await call('status');
      expect(JSON.parse(status.stdout)).toMatchObject({ isOurs: true, runs: { good: 0 }, held: { good: 1 } });
      expect(log).not.toContain(passwordOf('snapshots'));
      expect(await stop('SIGTERM')).toBe(0);
    });

    test('restores on a person’s word only, and not over reviews', async () => {
      await scene().writeSome(4);
      await start();
      await until('a good snapshot', async () => (await metric('last_good_timestamp_seconds')) > 0);
      let refused = await call('restore');
      while (refused.stdout.includes('is going on: try again')) {
        await pause(500);
        refused = await call('restore');
      }
      expect(refused).toMatchObject({ code: 1, stdout: expect.stringMatching(/^FAILED this cluster has 4 reviews/m) });
      expect(await call('restore', 'one', 'two')).toMatchObject({ code: 2 });
      expect(await call('erase')).toMatchObject({ code: 2 });
    });

    test('says what is wrong with its settings, and ends', async () => {
      environment['KEEP_DAYS'] = '90';
      await start();
      await until('its end', async () => child?.exitCode === 1);
      expect(log).toContain('KEEP_DAYS must be less than ERASE_WITHIN_DAYS');
    });
  });
}
