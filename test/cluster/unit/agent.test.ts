import { describe, expect, test } from '@jest/globals';
import { logLine } from '../../../base/elasticsearch/agent/log.ts';
import { agentRestarts, reasonsIn } from '../harness/agent.ts';
import type { Pod } from '../harness/kube.ts';
import { leftTheService } from '../harness/steady.ts';

const server = '{"@timestamp":"2026-01-02T03:04:05.678Z","log.level":"INFO","message":"started"';

describe('what the agent has said in the log of Elasticsearch', () => {
  test('is told from what Elasticsearch says, and from what is no line', () => {
    const log = [
      'a line of the launcher',
      `${server},"event.dataset":"elasticsearch.server"}`,
      logLine('INFO', 'waiting: elasticsearch-1 restarts'),
      `${server},"event.data`,
      logLine('INFO', 'leaving for a restart (after 7 s)'),
      '',
    ].join('\n');
    expect(reasonsIn(log)).toEqual(['waiting: elasticsearch-1 restarts', 'leaving for a restart (after 7 s)']);
  });

  test('is read of hooks of the previous version, too', () => {
    expect(reasonsIn(`${server},"event.dataset":"delivery-reviews.lifecycle"}`)).toEqual(['started']);
  });
});

const pod = (name: string, { ready = true, since = '1', uid = 'a', agentRestarts: restartCount = 0 } = {}): Pod => ({
  name,
  uid,
  node: 'node-a',
  ip: undefined,
  ready,
  leaving: false,
  phase: 'Running',
  restarts: 0,
  raw: {
    apiVersion: 'v1',
    kind: 'Pod',
    status: {
      conditions: [{ type: 'Ready', status: ready ? 'True' : 'False', lastTransitionTime: since }],
      initContainerStatuses: [{ name: 'agent', image: '', imageID: '', ready: true, restartCount }],
    },
  },
});

describe('who left the Service', () => {
  const before = ['a', 'b', 'c', 'd', 'e'].map((name) => pod(name));

  test('is seen also when it was for a moment, and when the pod is another one', () => {
    const after = [pod('a'), pod('b', { ready: false }), pod('c', { since: '2' }), pod('d', { uid: 'another' })];
    expect(leftTheService(before, after)).toEqual(['b', 'c', 'd', 'e']);
  });

  test('is nobody where nothing has changed', () => {
    expect(leftTheService(before, before)).toEqual([]);
  });
});

test('the restarts of an agent are those of its own container', () => {
  expect(agentRestarts([pod('a'), pod('b', { agentRestarts: 2 })])).toEqual([0, 2]);
});
