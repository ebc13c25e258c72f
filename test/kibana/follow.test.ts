// What Kibana's start script does while certificates, login and keys change under it: with real processes, files and
// signals.

import { writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Pod, sleep } from './support/place.ts';

const limit = 60_000;
let pod: Pod;
beforeEach(() => {
  pod = new Pod();
});
afterEach(() => pod.remove());

const started = async (env: Record<string, string> = {}): Promise<void> => {
  const before = pod.events().length;
  pod.start(env);
  await pod.until(() => pod.events().slice(before).includes('listening'));
};
/** Where the status of the stand-in is asked; the port is known only once it listens, so it is chosen here. */
const at = (port: number): Record<string, string> => ({
  PORT: String(port),
  STATUS_URL: `http://127.0.0.1:${port}/api/status`,
});

test(
  'Kibana takes the place of the script, with login and keys from the files and no line end in them',
  async () => {
    pod.mount('login', { username: 'kibana-server\n', password: 'by hand\n' });
    await started();
    expect(pod.said()[0]).toMatchObject({
      login: 'kibana-server:by hand',
      keys: ['a', 'b', 'c'],
      authority: 'authority 1',
      certificate: 'certificate 1',
    });
  },
  limit,
);

test.each([
  ['login', 'password'],
  ['keys', 'session'],
])(
  'it does not start without %s/%s, and says so',
  async (volume, file) => {
    pod.unmount(volume, file);
    pod.start();
    await pod.until(() => pod.ended !== undefined);
    expect(pod.ended?.code).not.toBe(0);
    expect(pod.events()).toEqual([]);
    expect(pod.log).toContain(`${volume}/${file}`);
  },
  limit,
);

test(
  'an empty password is no password',
  async () => {
    pod.mount('login', { username: 'kibana-server', password: '' });
    pod.start();
    await pod.until(() => pod.ended !== undefined);
    expect(pod.ended?.code).toBe(1);
    expect(pod.log).toContain('login/password is missing or empty');
  },
  limit,
);

describe('while it runs', () => {
  test(
    'nothing is done as long as nothing changes, also when the kubelet writes the same anew',
    async () => {
      await started();
      pod.mount('certificates', { 'tls.crt': 'certificate 1', 'tls.key': 'key 1' });
      pod.mount('login', { username: 'kibana-server', password: 'password 1' });
      await sleep(1500);
      expect(pod.events()).toEqual(['start', 'listening']);
      expect(pod.ended).toBeUndefined();
    },
    limit,
  );

  test(
    'a new certificate is read again by the same process, each one once',
    async () => {
      await started();
      pod.mount('certificates', { 'tls.crt': 'certificate 2', 'tls.key': 'key 2' });
      await pod.until(() => pod.events().includes('reload'));
      pod.mount('certificates', { 'tls.crt': 'certificate 3', 'tls.key': 'key 3' });
      await pod.until(() => pod.events().length === 4);
      await sleep(1000);
      expect(pod.said().map(({ event, certificate }) => [event, certificate])).toEqual([
        ['start', 'certificate 1'],
        ['listening', undefined],
        ['reload', 'certificate 2'],
        ['reload', 'certificate 3'],
      ]);
      expect(new Set(pod.said().map(({ pid }) => pid)).size).toBe(1);
    },
    limit,
  );

  test(
    'a process that does not listen to SIGHUP yet is not ended by it, and gets it later',
    async () => {
      await started({ DEAF_MILLISECONDS: '2500' });
      pod.mount('certificates', { 'tls.crt': 'certificate 2', 'tls.key': 'key 2' });
      await sleep(1200);
      expect(pod.ended).toBeUndefined();
      await pod.until(() => pod.events().includes('reload'));
    },
    limit,
  );

  test.each([
    ['another authority', 'authority', { 'ca.crt': 'authority 1\nauthority 2' }],
    ['another login', 'login', { username: 'kibana-server-b', password: 'password 2' }],
    ['other keys', 'keys', { session: 'd', 'saved-objects': 'e', reporting: 'f' }],
  ])(
    '%s: Kibana is asked to end, and reads it at its next start',
    async (_, volume, files) => {
      await started();
      pod.mount(volume, files);
      await pod.until(() => pod.ended !== undefined);
      expect(pod.ended).toEqual({ code: 0, signal: null });
      expect(pod.events()).toEqual(['start', 'listening', 'end']);
      await started();
      expect(JSON.stringify(pod.said().at(-2))).toContain(JSON.stringify(Object.values(files).at(-1)).slice(1, -1));
      await sleep(800);
      expect(pod.ended).toBeUndefined();
    },
    limit,
  );

  test(
    'a file that can’t be read for a moment changes nothing',
    async () => {
      await started();
      pod.unmount('authority', 'ca.crt');
      await sleep(1000);
      expect(pod.ended).toBeUndefined();
      pod.mount('authority', { 'ca.crt': 'authority 2' });
      await pod.until(() => pod.ended !== undefined);
    },
    limit,
  );

  test(
    'one that does not end when it is asked to is killed',
    async () => {
      await started({ STUBBORN: 'yes', STOP_SECONDS: '2' });
      pod.mount('authority', { 'ca.crt': 'authority 2' });
      await pod.until(() => pod.ended !== undefined);
      expect(pod.ended).toEqual({ code: null, signal: 'SIGKILL' });
      expect(pod.events().filter((event) => event === 'end')).toHaveLength(1);
    },
    limit,
  );
});

describe('instances start again one after the other', () => {
  // localhost has 127.0.0.1, which sorts before 127.0.0.2: so one instance goes first.
  const second = { POD_IPS: '127.0.0.2', APART_SECONDS: '4' };

  test(
    'the second waits its time, still reads new certificates meanwhile, and then ends',
    async () => {
      await started({ ...second, ...at(42_301) });
      pod.mount('authority', { 'ca.crt': 'authority 2' });
      const begin = Date.now();
      await pod.until(() => pod.log.includes('Kibana starts again, 1 before it, so in 4 s'));
      pod.mount('certificates', { 'tls.crt': 'certificate 2', 'tls.key': 'key 2' });
      await pod.until(() => pod.ended !== undefined, 15);
      expect(Date.now() - begin).toBeGreaterThan(3_000);
      expect(pod.events()).toEqual(['start', 'listening', 'reload', 'end']);
    },
    limit,
  );

  test(
    'it waits no longer when it can’t work any more',
    async () => {
      await started({ ...second, APART_SECONDS: '600', ...at(42_302) });
      pod.mount('login', { username: 'kibana-server-b', password: 'password 2' });
      await sleep(1500);
      expect(pod.ended).toBeUndefined();
      writeFileSync(pod.path('unavailable'), '');
      await pod.until(() => pod.ended !== undefined);
      expect(pod.ended?.code).toBe(0);
    },
    limit,
  );

  test(
    'one whose status can’t be asked waits for its turn',
    async () => {
      await started({ ...second, APART_SECONDS: '600', STATUS_URL: 'http://127.0.0.1:1/api/status' });
      pod.mount('authority', { 'ca.crt': 'authority 2' });
      await pod.until(() => pod.log.includes('1 before it'));
      await sleep(1500);
      expect(pod.ended).toBeUndefined();
    },
    limit,
  );

  test(
    'what changes and changes back needs nothing',
    async () => {
      await started({ ...second, ...at(42_303) });
      pod.mount('authority', { 'ca.crt': 'authority 2' });
      await pod.until(() => pod.log.includes('1 before it'));
      pod.mount('authority', { 'ca.crt': 'authority 1' });
      await sleep(6000);
      expect(pod.ended).toBeUndefined();
    },
    limit,
  );

  test(
    'where names have no answer, the turn is by the pod’s name',
    async () => {
      await started({ INSTANCES: 'instances.invalid', APART_SECONDS: '600', POD_NAME: 'kibana-1', ...at(42_304) });
      pod.mount('authority', { 'ca.crt': 'authority 2' });
      await pod.until(() => /starts again, [0-5] before it/.test(pod.log), 30);
    },
    limit,
  );
});
