// No look takes for ever, ready means a whole one that is recent, and what is wrong is not told without end.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, test } from '@jest/globals';
import { load } from 'js-yaml';
import type { IDeployment } from 'kubernetes-models/apps/v1';
import { createReporter } from '../../base/credentials/program/report.ts';
import type { Call } from '../support/test-server.ts';
import { besideCluster } from './support/beside-cluster.ts';
import { base, Place } from './support/place.ts';

const limit = 120_000;

const pause = async (milliseconds: number): Promise<undefined> => {
  await new Promise((resolve) => setTimeout(resolve, milliseconds));
  return undefined;
};

test('what is wrong at every look is told once an hour, and again when it is something else', () => {
  let now = Date.parse('2026-11-24T12:10:00Z');
  const lines: string[] = [];
  const report = createReporter(
    (level, text) => lines.push(`${level} ${text}`),
    () => now,
  );
  for (let look = 0; look < 120; look += 1) {
    report.begin();
    report.failed('a', '403');
    expect(report.isWhole()).toBe(false);
    now += 30_000;
  }
  expect(lines).toEqual(['WARN 403', 'WARN 403']);
  report.failed('a', '500');
  report.once('b', 'no fault');
  expect(lines.slice(2)).toEqual(['WARN 500', 'WARN no fault']);
  report.begin();
  report.once('b', 'no fault');
  expect(report.isWhole()).toBe(true);
});

besideCluster('at a real API server', [], (server) => {
  let place: Place;

  beforeEach(async () => {
    place = await Place.ofTwoUsers(server());
  }, limit);

  test(
    'a look ends at its bound, says so, and the next ones come to the end of the work all the same',
    async () => {
      const slow = { answer: (call: Call) => (call.method === 'PATCH' ? pause(1500) : undefined) };
      const begin = Date.now();
      const { code, log } = await place.watched(slow, { LOOK_SECONDS: '4' });
      expect({ code, log }).toEqual({ code: 1, log: expect.stringContaining('a look takes longer than LOOK_SECONDS') });
      expect(Date.now() - begin).toBeLessThan(60_000);
      let looks = 1;
      while ((await place.watched(slow, { LOOK_SECONDS: '4' })).code !== 0) looks += 1;
      expect(looks).toBeLessThan(8);
    },
    2 * limit,
  );

  const deployment = load(readFileSync(join(base, 'deployment.yaml'), 'utf8')) as IDeployment;
  const [container] = deployment.spec?.template.spec?.containers ?? [];
  const env = new Map((container?.env ?? []).map(({ name, value }) => [name, Number(value)]));

  test('ready means a whole look that is younger than what a look and the pause before it may take', () => {
    const longest = (env.get('LOOK_SECONDS') ?? 0) + (env.get('LOOK_AGAIN_SECONDS') ?? 0);
    expect(env.get('READY_SECONDS')).toBeGreaterThan(longest);
    expect(container?.readinessProbe?.exec?.command?.join(' ')).toContain('/tmp/complete');
  });

  test(
    'readiness expires when looks stop, whatever the reason',
    async () => {
      const { child, done, end, complete } = place.start({ LOOK_AGAIN_SECONDS: '1' });
      const probe = (): boolean => {
        const [program = '', ...words] = container?.readinessProbe?.exec?.command ?? [];
        const args = words.map((word) => word.replace('/tmp/complete', complete));
        return spawnSync(program, args, { env: { ...process.env, READY_SECONDS: '15' } }).status === 0;
      };
      try {
        expect(probe()).toBe(false);
        await place.until(async () => probe(), 100);
        // Longer than it takes to expire.
        for (let second = 0; second < 18; second += 1) {
          await pause(1000);
          expect(probe()).toBe(true);
        }
        child.kill('SIGSTOP');
        await place.until(async () => !probe(), 60);
        child.kill('SIGCONT');
        await place.until(async () => probe(), 60);
        // It goes on looking, and finds no look whole.
        await place.remove('elasticsearch-tls');
        await place.until(async () => !probe(), 60);
      } finally {
        end();
        await done;
      }
    },
    3 * limit,
  );
});
