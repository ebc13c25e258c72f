// One customer's reviews are erased with the command that people use. The login for it is mounted in no pod before and
// afterwards, whatever becomes of the command, and the customer's id is in nothing that stays.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import type { IPod } from 'kubernetes-models/v1';
import { root } from '../../../scripts/lib/paths.ts';
import { run } from '../../../scripts/lib/process.ts';
import { Client } from '../harness/client.ts';
import { elasticsearchPods, getJson, k, logs } from '../harness/kube.ts';
import { say, secondsSince } from '../harness/say.ts';
import { prod, type Scenario, threeNodes } from '../harness/scenario.ts';
import { until } from '../harness/until.ts';
import { reviewOf } from '../load/reviews.ts';

const secretName = 'elasticsearch-user-erase';
const args = [join(root, 'node_modules/tsx/dist/cli.mjs'), join(root, 'scripts/erase.ts'), 'prod'];

/** Pods that have the login. */
const holders = async (namespace: string): Promise<IPod[]> => {
  const { items } = await getJson<{ items: IPod[] }>(['-n', namespace, 'pods']);
  return items.filter(({ spec }) => JSON.stringify(spec?.volumes ?? []).includes(`"${secretName}"`));
};

const write = async (writer: Client, customer: string, ids: readonly string[]): Promise<void> => {
  const lines = ids.flatMap((id) => [
    { create: { _index: 'reviews', _id: id } },
    { ...reviewOf(id), customer_id: customer },
  ]);
  const body = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
  const answer = await writer.send({ method: 'POST', path: '/_bulk?refresh=true', body, as: 'ingest' });
  expect({ status: answer.status, errors: /"errors":\s*true/.test(answer.body ?? '') }).toEqual({
    status: 200,
    errors: false,
  });
};

const found = async (reader: Client, customer: string): Promise<number> => {
  const path = '/reviews/_count';
  const body = { query: { term: { customer_id: customer } } };
  const answer = await reader.send({ method: 'POST', path, body, as: 'search' });
  return (JSON.parse(answer.body ?? '{}') as { count?: number }).count ?? -1;
};

/** Where the id could have been left: in objects, and in the logs of the nodes. */
const left = async (namespace: string): Promise<string> => {
  const objects = await k(['-n', namespace, 'get', 'cronjobs,jobs,pods,events,configmaps', '-o', 'yaml']);
  const nodes = await elasticsearchPods(namespace);
  return [objects, ...(await Promise.all(nodes.map(({ name }) => logs(namespace, name, 'elasticsearch'))))].join('\n');
};

/** Stopped as soon as there is a pod that gets the login; nobody is the customer. */
const interrupted = async (namespace: string): Promise<number | null> => {
  // Said, as that of jest is a copy of the process's own.
  const child = spawn(process.execPath, args, { env: process.env, stdio: ['pipe', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  child.stdin.end('C-INTERRUPTED\n');
  await until(
    'a pod with the login',
    { seconds: 180, every: 0.3 },
    async () => (await holders(namespace)).length === 1,
  );
  child.kill('SIGINT');
  const code = await ended;
  if (code !== 1) say(`  ${said.trim()}`);
  return code;
};

export const eraseOneCustomer: Scenario = {
  name: 'erase-one-customer',
  does:
    "`make erase` erases one customer's reviews and no other's; no pod has the login for it before or afterwards, " +
    'also when the command is interrupted, and the id is in no object and no log',
  set: 'ci',
  lab: threeNodes,
  variant: prod,
  minutes: 8,
  async run({ namespace, tried }) {
    await k(['-n', namespace, 'rollout', 'status', 'deployment/reviews-setup', '--timeout=240s'], { seconds: 250 });
    const client = await Client.start(namespace, 'eraser-test', { users: ['ingest', 'search'] });
    const at = Date.now();
    const [customer, other] = [`C-LEAVES-${at}`, `C-STAYS-${at}`];
    try {
      await write(
        client,
        customer,
        [0, 1, 2].map((n) => `ERASE-${at}-${n}`),
      );
      await write(client, other, [`STAYS-${at}`]);
      expect(await found(client, customer)).toBe(3);
      expect(await holders(namespace)).toEqual([]);
      const done = await run(process.execPath, args, { input: `${customer}\n`, seconds: 400 });
      say(`  ${done.stdout.trim()}, after ${secondsSince(at)} s`);
      expect({ code: done.code, stderr: done.stderr, stdout: done.stdout }).toMatchObject({
        code: 0,
        stdout: expect.stringMatching(/\b3 reviews erased, none left/),
      });
      expect(`${done.stdout}${done.stderr}`).not.toContain(customer);
      expect(await found(client, customer)).toBe(0);
      expect(await found(client, other)).toBe(1);
      expect(await holders(namespace)).toEqual([]);
      expect(await left(namespace)).not.toContain(customer);
      tried('make erase, for a customer with three reviews', '3 erased, none left; of another customer all are there');
      tried("the customer's id, in objects and events of the namespace and in the logs of the nodes", 'in none');
      tried('pods with the login of user erase, before and after it', 'none');
      expect(await interrupted(namespace)).toBe(1);
      await until('no pod with the login', { seconds: 30 }, async () => (await holders(namespace)).length === 0);
      tried(
        'make erase, interrupted (SIGINT) when its pod was there',
        'ends with an error; Job, pod and login are gone',
      );
    } finally {
      await client.stop();
    }
  },
};
