// Readiness after a start: what makes progress is waited for, what cannot be assigned is not.
import { randomBytes } from 'node:crypto';
import { expect } from '@jest/globals';
import { untilGreen } from '../harness/cluster.ts';
import { esJson } from '../harness/es.ts';
import { refusedUntilBack } from '../harness/eviction.ts';
import { k, pod } from '../harness/kube.ts';
import { say, secondsSince } from '../harness/say.ts';
import { prod, type Scenario, threeNodes } from '../harness/scenario.ts';
import { until } from '../harness/until.ts';
import { newIndex } from './support.ts';

const megabytes = 24;
const limit = 'indices.recovery.max_bytes_per_sec';

const limitRecoveries = (namespace: string, value: string | null): Promise<unknown> =>
  esJson(namespace, 'PUT', '/_cluster/settings', { body: { persistent: { [limit]: value } } });

/** An index with a copy on every node, of bytes that do not compress. */
const fill = async (namespace: string, index: string): Promise<void> => {
  await newIndex(namespace, index, { replicas: 2, mappings: { enabled: false } });
  for (let written = 0; written < megabytes; written += 2) {
    const documents = [1, 2].flatMap(() => [{ create: {} }, { bytes: randomBytes(786_432).toString('base64') }]);
    const body = `${documents.map((line) => JSON.stringify(line)).join('\n')}\n`;
    const { errors } = await esJson<{ errors: boolean }>(namespace, 'POST', `/${index}/_bulk`, { body, seconds: 60 });
    expect(errors).toBe(false);
  }
  await esJson(namespace, 'POST', `/${index}/_flush`);
};

export const slowRecovery: Scenario = {
  name: 'slow-recovery',
  does:
    'a node that comes back without its data is not ready, and no other may be ' +
    'evicted, before it has a copy of everything again',
  set: 'full',
  lab: threeNodes,
  variant: prod,
  minutes: 12,
  async run({ namespace, variant }) {
    await fill(namespace, 'large');
    await limitRecoveries(namespace, '1mb');
    try {
      await k(['-n', namespace, 'delete', 'pvc', 'data-elasticsearch-0', '--wait=false']);
      await k(['-n', namespace, 'delete', 'pod', 'elasticsearch-0', '--timeout=120s'], { seconds: 150 });
      const began = Date.now();
      const { refused, whileRecovering } = await refusedUntilBack(namespace, 'elasticsearch-0', 'elasticsearch-1');
      say(
        `  evicting elasticsearch-1 was refused ${refused} times in ${secondsSince(began)} s, ${whileRecovering} ` +
          'of them while elasticsearch-0 recovered',
      );
      expect(whileRecovering).toBeGreaterThan(10);
    } finally {
      await limitRecoveries(namespace, null);
      await esJson(namespace, 'DELETE', '/large');
    }
    await untilGreen(variant, 120);
  },
};

export const yellowForGood: Scenario = {
  name: 'yellow-for-good',
  does:
    'copies that fit nowhere, of an index with more of them than nodes, and of one that may be on a single node, ' +
    'keep no node from becoming ready',
  set: 'full',
  lab: threeNodes,
  variant: prod,
  minutes: 8,
  async run({ namespace, variant }) {
    await newIndex(namespace, 'too-many-copies', { replicas: 3 });
    await newIndex(namespace, 'single-node', {
      replicas: 1,
      settings: { 'index.routing.allocation.include._name': 'elasticsearch-0' },
    });
    try {
      const { uid } = await pod(namespace, 'elasticsearch-1');
      await k(['-n', namespace, 'delete', 'pod', 'elasticsearch-1', '--timeout=120s'], { seconds: 150 });
      const began = Date.now();
      await until('elasticsearch-1 ready while the cluster is yellow', { seconds: 180 }, async () => {
        const now = await pod(namespace, 'elasticsearch-1');
        return now.uid !== uid && now.ready;
      });
      say(`  ready after ${secondsSince(began)} s`);
    } finally {
      await esJson(namespace, 'DELETE', '/too-many-copies,single-node');
    }
    await untilGreen(variant, 120);
  },
};
