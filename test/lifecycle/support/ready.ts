// The readiness probe of one pod whose cluster has a master.
import { readdirSync } from 'node:fs';
import { expect } from '@jest/globals';
import { elasticsearch } from './elasticsearch.ts';
import { kubernetes } from './kubernetes.ts';
import { messages, Pod } from './pod.ts';
import { world } from './world.ts';

/** A node of three that has a shard. */
export const start = async (): Promise<void> => {
  const pod = await Pod.start('elasticsearch-1');
  world.cluster = { shards: ['load-0 0 STARTED elasticsearch-1'] };
  world.facts = { replicas: 3 };
  pod.onElasticsearch = elasticsearch(() => world.cluster);
  pod.onKubernetes = kubernetes(world.facts);
  await pod.openReadiness();
  Object.assign(pod.env, { READY_RECOVERY_SECONDS: '3600', READY_STALL_SECONDS: '30' });
  world.pod = pod;
};

/** What the probe answers and says; a kubelet would take anything on stderr for a fault of it. */
export const probe = async (env: Record<string, string> = {}): Promise<{ ready: boolean; said: string }> => {
  const { code, stdout, stderr } = await world.pod.run('ready.sh', env);
  expect(stderr).toBe('');
  return { ready: code === 0, said: messages(stdout) };
};

/** A file in which the probe remembers, by its path in the pod: each start of the container has a folder of its own. */
export const state = (file: string): string => `state/${readdirSync(world.pod.path('state'))[0] ?? ''}/${file}`;
