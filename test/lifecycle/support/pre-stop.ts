// The pre-stop hook of one pod.
import { expect } from '@jest/globals';
import { elasticsearch } from './elasticsearch.ts';
import { kubernetes } from './kubernetes.ts';
import { messages, Pod } from './pod.ts';
import { world } from './world.ts';

export const reset = (): void => {
  world.facts = { replicas: 3 };
  world.cluster = {};
};

export const start = async (name: string): Promise<void> => {
  const pod = await Pod.start(name);
  pod.onElasticsearch = elasticsearch(() => world.cluster);
  pod.onKubernetes = kubernetes(world.facts);
  Object.assign(pod.env, {
    PRE_STOP_SPARE_SECONDS: '30',
    PRE_STOP_MOVE_SECONDS: '30',
    PRE_STOP_BLIND_SECONDS: '1',
    PRE_STOP_DRAIN_SECONDS: '0',
    READY_STALL_SECONDS: '1',
  });
  world.pod = pod;
};

/** What the hook says; it must succeed, whatever happens. */
export const stop = async (env: Record<string, string> = {}): Promise<string> => {
  const { code, stdout, stderr } = await world.pod.run('pre-stop.sh', env);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return messages(stdout);
};

/** Changes the world when the hook asks for shards or voters the so-many-th time. */
export const after = (requests: number, change: () => void): void => {
  const handler = world.pod.onElasticsearch;
  let seen = 0;
  world.pod.onElasticsearch = (call) => {
    if (/^\/_cluster\/state\/(nodes,routing_table|master_node)/.test(call.path)) seen += 1;
    if (seen === requests) change();
    return handler(call);
  };
};

/** What the hook changed in Elasticsearch, in order: METHOD PATH BODY. */
export const changes = (): string[] =>
  world.pod.elasticsearch.calls
    .filter(({ method }) => method !== 'GET')
    .map(({ method, path, body }) => `${method} ${path} ${body}`.trim());
