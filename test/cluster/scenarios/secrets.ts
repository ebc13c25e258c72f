// Secrets of a formed cluster that are gone: what can be made anew is, what cannot is not, and the instruction is
// given.
import { expect } from '@jest/globals';
import type { ISecret } from 'kubernetes-models/v1';
import { restartedSince, untilGreen } from '../harness/cluster.ts';
import { elasticsearchPods, exec, getJson, k, logs, pods } from '../harness/kube.ts';
import { pause, say } from '../harness/say.ts';
import { type Bed, prod, type Scenario, threeNodes } from '../harness/scenario.ts';
import { answersTo, loginOf, secret } from '../harness/secrets.ts';
import { expectNothingLost, underLoad } from '../harness/under-load.ts';
import { until } from '../harness/until.ts';
import { changeTemplate } from './support.ts';

/** Makes credentials look now instead of in a few minutes. */
const lookNow = async (namespace: string): Promise<void> => {
  await k(['-n', namespace, 'rollout', 'restart', 'deployment/credentials']);
  await pause(2);
  await until('credentials having looked', { seconds: 90 }, async () => {
    const [pod, ...more] = (await pods(namespace, 'app.kubernetes.io/name=credentials')).filter(
      ({ leaving }) => !leaving,
    );
    return (
      more.length === 0 &&
      pod?.phase === 'Running' &&
      (pod.ready || (await logs(namespace, pod.name, 'credentials')) !== '')
    );
  });
  await pause(5);
};

const said = async (namespace: string): Promise<string> => {
  const pod = (await pods(namespace, 'app.kubernetes.io/name=credentials')).find(({ leaving }) => !leaving);
  return pod === undefined ? '' : logs(namespace, pod.name, 'credentials');
};

const versions = async (namespace: string): Promise<string[]> => {
  const { items } = await getJson<{ items: ISecret[] }>(['-n', namespace, 'secrets']);
  return items.map(({ metadata }) => `${metadata?.name ?? ''} ${metadata?.resourceVersion ?? ''}`).sort();
};

const restore = async (namespace: string, { type, metadata, data }: ISecret): Promise<void> => {
  const { name, labels, annotations } = metadata ?? {};
  const again = { apiVersion: 'v1', kind: 'Secret', type, metadata: { name, labels, annotations }, data };
  await k(['-n', namespace, 'create', '-f', '-'], { input: JSON.stringify(again) });
};

/** One that is not to be made anew; afterwards it is restored as from a backup. */
const refusesToReplace = async (namespace: string, name: string, instruction: RegExp): Promise<void> => {
  const backup = await secret(namespace, name);
  if (backup === undefined) throw new Error(`there is no Secret ${name}`);
  say(`  ${name} is deleted`);
  await k(['-n', namespace, 'delete', 'secret', name]);
  try {
    await lookNow(namespace);
    await until('the instruction', { seconds: 30 }, async () => instruction.test(await said(namespace)));
    expect(await secret(namespace, name)).toBeUndefined();
  } finally {
    await restore(namespace, backup);
  }
};

const variables = "for file in /proc/[0-9]*/environ; do tr '\\0' '\\n' < $file; done";

/** Names of the variables of every process of a node and of its agent, and of what its keystore holds. */
const heldBy = async (namespace: string, pod: string): Promise<string[]> => {
  const environments = await Promise.all(
    ['elasticsearch', 'agent'].map((container) => exec(namespace, pod, ['bash', '-c', variables], { container })),
  );
  const keystore = await exec(namespace, pod, ['elasticsearch-keystore', 'list'], { seconds: 60 });
  const names = environments.flatMap(({ stdout }) => stdout.split('\n').map((line) => line.split('=')[0] ?? ''));
  const held = [...names, ...keystore.stdout.split('\n')];
  // so that what could not be read does not look like what is not there
  expect(held).toEqual(
    expect.arrayContaining(['POD_NAME', 'PRE_STOP_AGENT_SECONDS', 'PRE_STOP_SPARE_SECONDS', 'keystore.seed']),
  );
  return held;
};

/** Without its Secret the superuser's password outlives every pod, since it is in the cluster. */
const outlivesItsSecret = async ({ namespace, variant, tried }: Bed): Promise<void> => {
  const name = 'elasticsearch-user-elastic';
  const login = await loginOf(namespace, 'elastic');
  const backup = await secret(namespace, name);
  if (backup === undefined) throw new Error(`there is no Secret ${name}`);
  const before = await elasticsearchPods(namespace);
  await k(['-n', namespace, 'delete', 'secret', name]);
  try {
    await changeTemplate(namespace);
    say(`  every pod made anew without the Secret after ${await untilGreen(variant, 900)} s`);
    expect(restartedSince(before, await elasticsearchPods(namespace))).toEqual(before.map((pod) => pod.name));
    expect(await answersTo(namespace, login)).toEqual([200, 200, 200]);
    for (const pod of before) {
      const held = await heldBy(namespace, pod.name);
      expect(held.filter((one) => one === 'ELASTIC_PASSWORD' || one === 'bootstrap.password')).toEqual([]);
    }
  } finally {
    await restore(namespace, backup);
  }
  await k(['-n', namespace, 'rollout', 'restart', 'deployment/credentials']);
  await k(['-n', namespace, 'rollout', 'status', 'deployment/credentials', '--timeout=120s'], { seconds: 130 });
  expect(await answersTo(namespace, await loginOf(namespace, 'elastic'))).toEqual([200, 200, 200]);
  tried(
    `Secret ${name} deleted, then every pod made anew`,
    'the old password works on every node; it is in no environment and no keystore',
  );
};

export const lostSecrets: Scenario = {
  name: 'lost-secrets',
  does:
    'a deleted certificate is made anew; a lost authority or superuser password is not replaced, but the way out ' +
    'is said; no pod restarts; the password outlives its Secret and every pod',
  set: 'full',
  lab: threeNodes,
  variant: prod,
  minutes: 25,
  async run(bed) {
    const { namespace } = bed;
    const before = await elasticsearchPods(namespace);
    const measured = await underLoad(bed, {}, async () => {
      const old = await secret(namespace, 'elasticsearch-tls');
      await k(['-n', namespace, 'delete', 'secret', 'elasticsearch-tls']);
      await lookNow(namespace);
      const now = await until('a new certificate', { seconds: 60 }, () => secret(namespace, 'elasticsearch-tls'));
      expect(now.data?.['tls.crt']).not.toBe(old?.data?.['tls.crt']);
      expect(now.data?.['ca.crt']).toBe(old?.data?.['ca.crt']);

      await refusesToReplace(namespace, 'elasticsearch-ca', /elasticsearch-ca is gone, but the cluster has formed/);
      await refusesToReplace(
        namespace,
        'elasticsearch-user-elastic',
        /elasticsearch-user-elastic is gone, but the cluster has formed/,
      );

      await lookNow(namespace);
      const settled = await versions(namespace);
      for (let run = 1; run <= 10; run += 1) await lookNow(namespace);
      expect(await versions(namespace)).toEqual(settled);
      bed.tried('Secret elasticsearch-tls deleted', 'made anew by the same authority; no pod restarted, no error');
      bed.tried(
        'Secret elasticsearch-ca of a formed cluster deleted',
        'not replaced; the log of credentials says what to do',
      );
      bed.tried(
        'Secret elasticsearch-user-elastic of a formed cluster deleted',
        'not replaced; the log of credentials says what to do',
      );
      bed.tried('credentials run ten times', 'no Secret changed');
    });
    expectNothingLost(measured);
    expect(measured.row.searchErrors).toBe(0);
    expect(measured.row.greenAfterSeconds).toBeUndefined();
    expect(restartedSince(before, await elasticsearchPods(namespace))).toEqual([]);
    await outlivesItsSecret(bed);
  },
};
