// The namespace and all its claims are deleted. What is left: a shared folder with snapshots, and an encrypted file
// with the Secrets. Both bring everything back; and a drill finds a snapshot whose bytes have changed.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import { root } from '../../../scripts/lib/paths.ts';
import { type Finished, run } from '../../../scripts/lib/process.ts';
import { type Checkout, checkout } from '../../scripts/support/checkout.ts';
import { blobsIn, flipBytes } from '../../snapshots/support/damage.ts';
import { Client } from '../harness/client.ts';
import { deploy, undeploy } from '../harness/cluster.ts';
import { clusterUuid } from '../harness/facts.ts';
import { k, kubectl } from '../harness/kube.ts';
import { unmeasured } from '../harness/row.ts';
import { say, secondsSince } from '../harness/say.ts';
import { type Scenario, threeNodes } from '../harness/scenario.ts';
import { answersTo, type Login, loginOf } from '../harness/secrets.ts';
import {
  claimPatch,
  makeSharedVolume,
  removeSharedFolder,
  sharedFolder,
  watchedPatch,
} from '../harness/shared-folder.ts';
import { until } from '../harness/until.ts';
import { reviewOf } from '../load/reviews.ts';

const variant = { overlay: 'prod', components: ['snapshots-fs'], patches: [claimPatch, watchedPatch] } as const;
const USERS = ['ingest', 'search', 'analyst', 'elastic'] as const;
const REVIEWS = 600;

/** The same as the variant, as a user's overlay, for the commands. */
const overlay = (): Record<string, string> => ({
  'overlays/restored/claim.yaml': JSON.stringify(claimPatch),
  'overlays/restored/kustomization.yaml':
    'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nnamespace: reviews\n' +
    'resources: [../../test/cluster/overlays/prod]\ncomponents: [../../components/snapshots-fs]\n' +
    'patches: [{path: claim.yaml}]\ntransformers: [../prod/topology]\n',
});

const idOf = (n: number): string => `RESTORE-${n}`;

/** In two months; what is not acknowledged is an error. */
const write = async (namespace: string): Promise<void> => {
  const client = await Client.start(namespace, 'restore-writer', { users: ['ingest'] });
  try {
    for (let first = 0; first < REVIEWS; first += 100) {
      const lines = Array.from({ length: 100 }, (_, i) => idOf(first + i)).flatMap((id, i) => [
        { create: { _index: 'reviews', _id: id } },
        { ...reviewOf(id), delivery_id: id, delivered_at: `2026-${i % 2 === 0 ? '10' : '11'}-05T10:00:00Z` },
      ]);
      const body = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
      const answer = await client.send({ method: 'POST', path: '/_bulk?refresh=true', body, as: 'ingest' });
      expect({ status: answer.status, errors: /"errors":\s*true/.test(answer.body ?? '') }).toEqual({
        status: 200,
        errors: false,
      });
    }
  } finally {
    await client.stop();
  }
};

const missing = async (namespace: string): Promise<readonly string[]> => {
  const client = await Client.start(namespace, 'restore-reader', { users: ['search'] });
  try {
    const body = { size: 2000, _source: false, query: { prefix: { delivery_id: 'RESTORE-' } } };
    const answer = await client.send({ method: 'POST', path: '/reviews/_search', body, as: 'search' });
    const { hits } = JSON.parse(answer.body ?? '{}') as { hits: { hits: { _id: string }[] } };
    const found = new Set(hits.hits.map(({ _id }) => _id));
    return Array.from({ length: REVIEWS }, (_, n) => idOf(n)).filter((id) => !found.has(id));
  } finally {
    await client.stop();
  }
};

const ask = (namespace: string, word: string): Promise<Finished> => {
  const call = ['node', '/opt/components/snapshots/program/call.ts', word];
  return kubectl(['-n', namespace, 'exec', 'deployment/elasticsearch-snapshots', '-c', 'snapshots', '--', ...call], {
    seconds: 200,
  });
};

/** A snapshot or a drill of its own may be going on. */
const done = (namespace: string, word: string): Promise<string> =>
  until(word, { seconds: 200, every: 3 }, async () => {
    const { code, stdout, stderr } = await ask(namespace, word);
    if (stdout.includes('is going on: try again')) return undefined;
    if (code !== 0) throw new Error(`${word}: ${stdout}${stderr}`);
    return stdout;
  });

const ready = (namespace: string): Promise<string> =>
  k(['-n', namespace, 'rollout', 'status', 'deployment/elasticsearch-snapshots', '--timeout=180s'], { seconds: 190 });

/** A pair of keys, as age-keygen makes one. */
const newKey = async (file: string): Promise<string> => {
  const code =
    "import { generateIdentity, identityToRecipient } from 'age-encryption';" +
    "import { writeFileSync } from 'node:fs';" +
    'const key = await generateIdentity(); writeFileSync(process.argv[1], `${key}\\n`, { mode: 0o600 });' +
    'console.log(await identityToRecipient(key));';
  const made = await run(process.execPath, ['--input-type=module', '-e', code, file], { cwd: root, seconds: 30 });
  expect(made).toEqual(expect.objectContaining({ code: 0 }));
  return made.stdout.trim();
};

const command = async (copy: Checkout, name: string, env: Readonly<Record<string, string>>): Promise<Finished> => {
  const before = { ...process.env };
  Object.assign(process.env, env);
  try {
    return await copy.command(name, 'restored');
  } finally {
    for (const variable of Object.keys(env)) process.env[variable] = before[variable] ?? '';
  }
};

/**
 * Bytes in the store that are not what they were: a drill says so, and afterwards that all is well again. In all blobs,
 * as the newest snapshot shares some with older ones, and not all.
 */
const findsDamage = async (namespace: string): Promise<void> => {
  const mends = blobsIn(sharedFolder).map(flipBytes);
  try {
    await until('a drill that fails', { seconds: 120, every: 3 }, async () => {
      const { code, stdout } = await ask(namespace, 'drill');
      return code !== 0 && /^FAILED .*(damaged|differs)/m.test(stdout);
    });
  } finally {
    for (const mend of mends) mend();
  }
  expect(await done(namespace, 'drill')).toMatch(/^OK /m);
};

export const restoredFromSnapshot: Scenario = {
  name: 'restored-from-snapshot',
  does:
    'the namespace and all claims are deleted; `make restore-secrets`, a deploy and `make restore` bring back every ' +
    'review of the snapshot and every login, and a drill finds a snapshot whose bytes have changed',
  set: 'full',
  lab: threeNodes,
  variant,
  empty: true,
  labOnly: true,
  minutes: 15,
  alerts: [
    // While the cluster that is restored into starts.
    'ElasticsearchDoesNotAnswer',
    { alert: 'ElasticsearchNotWatched', perhaps: 'nothing is there to be scraped until the deploy' },
    { alert: 'ElasticsearchRed', perhaps: 'a month is red while it is restored' },
    { alert: 'ElasticsearchDrillFailed', perhaps: 'the next drill is good again, seconds later' },
  ],
  async run({ namespace, record, scenario }) {
    const copy = checkout();
    const keys = mkdtempSync(join(tmpdir(), 'restore-keys-'));
    try {
      copy.write(overlay());
      await removeSharedFolder();
      await makeSharedVolume();
      await deploy(variant);
      await k(['-n', namespace, 'rollout', 'status', 'deployment/reviews-setup', '--timeout=240s'], { seconds: 250 });
      await ready(namespace);
      await write(namespace);
      expect(await done(namespace, 'snapshot')).toMatch(/^OK /m);
      const logins = Object.fromEntries(
        await Promise.all(USERS.map(async (user) => [user, await loginOf(namespace, user)] as const)),
      ) as Record<(typeof USERS)[number], Login>;
      const [identity, file] = [join(keys, 'key'), join(keys, 'secrets.age')];
      const recipient = await newKey(identity);
      const saved = await command(copy, 'save-secrets', { RECIPIENT: recipient, FILE: file });
      expect({ code: saved.code, stderr: saved.stderr }).toEqual(expect.objectContaining({ code: 0 }));
      expect(readFileSync(file, 'utf8')).toMatch(/^-----BEGIN AGE ENCRYPTED FILE-----/);
      const before = await clusterUuid(namespace);

      const lost = Date.now();
      await undeploy(namespace);
      say(`  namespace and claims are gone after ${secondsSince(lost)} s`);
      await makeSharedVolume();
      const begun = Date.now();
      const put = await command(copy, 'restore-secrets', { FILE: file, IDENTITY: identity });
      expect({ code: put.code, stderr: put.stderr }).toEqual(expect.objectContaining({ code: 0 }));
      await deploy(variant);
      const green = secondsSince(begun);
      expect(await clusterUuid(namespace)).not.toBe(before);
      await ready(namespace);
      const refused = await ask(namespace, 'snapshot');
      expect(refused.stdout).toMatch(new RegExp(`FAILED cluster ${before} wrote into the repository last`));
      const asked = Date.now();
      const restored = await command(copy, 'restore', {});
      say(`  ${restored.stdout.trim()}`);
      expect({ code: restored.code, stderr: restored.stderr }).toEqual(expect.objectContaining({ code: 0 }));
      const restoring = secondsSince(asked);
      const total = secondsSince(begun);
      expect(await missing(namespace)).toEqual([]);
      for (const user of USERS) expect(await answersTo(namespace, logins[user])).toEqual([200, 200, 200]);
      await findsDamage(namespace);
      record({
        scenario,
        acknowledged: REVIEWS,
        lost: 0,
        ...unmeasured,
        greenAfterSeconds: green,
        elections: 0,
        restarted: 0,
        note: `empty cluster green after ${green} s, ${REVIEWS} reviews back ${restoring} s later, ${total} s in all`,
      });
    } finally {
      rmSync(keys, { recursive: true, force: true });
      copy.remove();
    }
  },
  // What failed stays, to be looked at; the next scenario begins with another cluster.
  async after({ namespace }) {
    await undeploy(namespace);
    await removeSharedFolder();
  },
};
