// Passwords, certificates and the authority are replaced while programs work, each of which reads its Secret and
// connects all the time.
import { join } from 'node:path';
import { expect } from '@jest/globals';
import { root } from '../../../scripts/lib/paths.ts';
import { run } from '../../../scripts/lib/process.ts';
import { elasticsearchPods } from '../harness/kube.ts';
import { say, secondsSince } from '../harness/say.ts';
import { type Bed, prod, type Scenario, threeNodes } from '../harness/scenario.ts';
import {
  answerTo,
  credentialsWith,
  fingerprints,
  type Login,
  loginOf,
  servedUntil,
  valueOf,
} from '../harness/secrets.ts';
import { unreadyDuring } from '../harness/steady.ts';
import { expectNothingLost, underLoad } from '../harness/under-load.ts';
import { until } from '../harness/until.ts';

const users = ['operations', 'ingest', 'search', 'analyst', 'erase', 'dashboard', 'kibana', 'setup', 'elastic'];
const first = 'elasticsearch-0';

/** The command that people use. */
const makeRotate = async (variables: Readonly<Record<string, string>> = {}): Promise<void> => {
  const began = Date.now();
  const args = [join(root, 'node_modules/tsx/dist/cli.mjs'), join(root, 'scripts/rotate.ts'), 'prod'];
  const done = await run(process.execPath, args, { seconds: 960, env: { ...process.env, ...variables } });
  if (done.code !== 0) throw new Error(`make rotate failed with code ${done.code}:\n${done.stdout}${done.stderr}`);
  say(`  rotated after ${secondsSince(began)} s`);
};

/** Nobody notices: no refusal, no repeated write, no failed search, no pod unready or restarted. */
const unnoticed = async (bed: Bed, part: string, work: () => Promise<void>): Promise<void> => {
  let unready: string[] = [];
  const measured = await underLoad(bed, { part, reviews: true }, async () => {
    unready = await unreadyDuring(bed.namespace, work);
  });
  expectNothingLost(measured);
  const { refused, searchErrors, writeRetries } = measured.report;
  expect({ refused, searchErrors, writeRetries, unready, restarted: measured.restarted }).toEqual({
    refused: 0,
    searchErrors: 0,
    writeRetries: 0,
    unready: [],
    restarted: [],
  });
  bed.tried(
    `${part}, while programs connect and log in all the time`,
    `${measured.row.acknowledged} reviews written: no 401, no failed search, no pod unready or restarted`,
  );
};

const logins = async (namespace: string): Promise<Login[]> =>
  Promise.all(users.map((user) => loginOf(namespace, user)));
const answers = (namespace: string, all: readonly Login[]): Promise<number[]> =>
  Promise.all(all.map((login) => answerTo(namespace, first, login)));
const times = <Value>(count: number, value: Value): Value[] => Array.from({ length: count }, () => value);

export const rotation: Scenario = {
  name: 'rotation',
  does:
    'every password and the certificate are replaced by one command, under load: no 401, no pod unready; then once ' +
    'more, with the old passwords revoked',
  set: 'full',
  lab: threeNodes,
  variant: prod,
  minutes: 30,
  async run(bed) {
    const { namespace } = bed;
    const before = await logins(namespace);
    const certificate = await valueOf(namespace, 'elasticsearch-tls', 'tls.crt');
    await unnoticed(bed, 'rotation', () => makeRotate());
    const between = await logins(namespace);
    expect(between.filter(({ password }, i) => password === before[i]?.password)).toEqual([]);
    expect(await valueOf(namespace, 'elasticsearch-tls', 'tls.crt')).not.toBe(certificate);
    expect(await answers(namespace, between)).toEqual(times(users.length, 200));
    // The superuser is for emergencies, and nobody's program: its old password ends at once.
    expect(await answers(namespace, before)).toEqual([...times(users.length - 1, 200), 401]);

    await unnoticed(bed, 'rotation with REVOKE=1', () => makeRotate({ REVOKE: '1' }));
    await until('the old logins refused', { seconds: 240, every: 5 }, async () => {
      const codes = await answers(namespace, between);
      if (codes.every((code) => code === 401)) return true;
      throw new Error(users.map((user, i) => `${user} ${codes[i] ?? ''}`).join(', '));
    });
    expect(await answers(namespace, before)).toEqual(times(users.length, 401));
    expect(await answers(namespace, await logins(namespace))).toEqual(times(users.length, 200));
    bed.tried('a login of before the rotation with REVOKE=1', '401');
  },
};

/** Seconds of overlap, instead of a day. More than the kubelet needs to bring a Secret to a pod. */
const overlap = 150;

export const newAuthority: Scenario = {
  name: 'new-authority',
  does:
    'the certificate authority is replaced under load, with an overlap in ' +
    'which both are trusted: no connection fails',
  set: 'full',
  lab: threeNodes,
  variant: prod,
  minutes: 25,
  async run(bed) {
    const { namespace } = bed;
    const bundle = async (): Promise<string[]> => fingerprints(await valueOf(namespace, 'elasticsearch-tls', 'ca.crt'));
    const old = await bundle();
    await credentialsWith(namespace, `KEEP_PREVIOUS_SECONDS=${overlap}`);
    await unnoticed(bed, 'new authority', async () => {
      await makeRotate({ AUTHORITY: '1' });
      const both = await until('both authorities trusted', { seconds: 120, every: 3 }, async () => {
        const now = await bundle();
        return now.length === 2 ? now : undefined;
      });
      expect(both).toContain(old[0]);
      await until(
        'the new authority alone',
        { seconds: 4 * overlap + 120, every: 5 },
        async () => (await bundle()).length === 1,
      );
    });
    const now = await bundle();
    expect(now).toEqual(fingerprints(await valueOf(namespace, 'elasticsearch-ca', 'ca.crt')));
    expect(now).not.toEqual(old);
  },
};

export const certificateNearItsEnd: Scenario = {
  name: 'certificate-near-its-end',
  does: 'a certificate whose time is nearly over is renewed and used by every node, under load, without a restart',
  set: 'full',
  lab: threeNodes,
  variant: prod,
  minutes: 10,
  async run(bed) {
    const { namespace } = bed;
    const names = (await elasticsearchPods(namespace)).map(({ name }) => name);
    const served = (): Promise<string[]> => Promise.all(names.map((name) => servedUntil(namespace, name)));
    const before = await served();
    await unnoticed(bed, 'certificate near its end', async () => {
      // It holds for 365 days: now it counts as nearly over, and the next one does not.
      await credentialsWith(namespace, 'CERTIFICATE_DAYS=370', 'RENEW_BEFORE_DAYS=366');
      await until('every node with the new certificate', { seconds: 240, every: 5 }, async () => {
        const now = await served();
        return now.every((end) => !before.includes(end)) && new Set(now).size === 1;
      });
    });
  },
};
