// What `make doctor` says about pods, claims, agents and kubelets.
import { describe, expect, test } from '@jest/globals';
import type { IStatefulSet } from 'kubernetes-models/apps/v1';
import type { IPod } from 'kubernetes-models/v1';
import { claimsOf } from '../../../scripts/lib/check/claims.ts';
import type { AgentStatus } from '../../../scripts/lib/cluster/agent-status.ts';
import type { NodeStatus } from '../../../scripts/lib/cluster/status.ts';
import { agentsVerdict } from '../../../scripts/lib/questions/agents.ts';
import { sizesVerdict } from '../../../scripts/lib/questions/claims.ts';
import { known, unknown } from '../../../scripts/lib/questions/known.ts';
import { grantedBy, kubeletsVerdict, neededSeconds } from '../../../scripts/lib/questions/kubelets.ts';
import { placedVerdict, readyVerdict, revisionVerdict } from '../../../scripts/lib/questions/pods.ts';
import type { Verdict } from '../../../scripts/lib/questions/verdict.ts';

const told = ({ says, detail }: Verdict): string => `${says}: ${detail}`;
const wanted = ['elasticsearch-0', 'elasticsearch-1'];
const isSet = { apiVersion: 'apps/v1', kind: 'StatefulSet' } as const;

interface Look {
  readonly ready?: boolean;
  readonly phase?: 'Pending' | 'Running';
  readonly revision?: string;
  readonly leaving?: boolean;
}

const pod = (
  ordinal: number,
  { ready = true, phase = 'Running', revision = 'r2', leaving = false }: Look = {},
): IPod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name: `elasticsearch-${ordinal}`,
    labels: { 'controller-revision-hash': revision },
    ...(leaving ? { deletionTimestamp: '2026-12-02T09:00:00Z' } : {}),
  },
  status: { phase, conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }] },
});

describe('pods', () => {
  test('that are well', () => {
    expect(told(placedVerdict([pod(0), pod(1)], []))).toBe('yes: 2 pods are placed');
    expect(told(readyVerdict([pod(0), pod(1)], wanted))).toBe('yes: 2 of 2');
  });

  test('that wait for a place, with what Kubernetes says of it', () => {
    expect(told(placedVerdict([pod(0), pod(1, { phase: 'Pending' })], ['Pod elasticsearch-1: no\nroom']))).toBe(
      'no: elasticsearch-1 (Pod elasticsearch-1: no room)',
    );
  });

  test('that are missing, not ready, ending, or not wanted', () => {
    expect(told(readyVerdict([pod(1, { ready: false }), pod(2)], wanted))).toBe(
      'no: elasticsearch-0 is not there; elasticsearch-1 is not ready; elasticsearch-2 is there and not wanted',
    );
    expect(told(readyVerdict([pod(0, { leaving: true }), pod(1)], wanted))).toBe('no: elasticsearch-0 is ending');
  });

  const set = (status: NonNullable<IStatefulSet['status']>): IStatefulSet => ({
    ...isSet,
    metadata: { generation: 3 },
    status,
  });
  const now = set({ observedGeneration: 3, replicas: 2, updateRevision: 'r2' });
  test('of two revisions', () => {
    expect(told(revisionVerdict(now, [pod(0), pod(1)]))).toBe('yes: r2');
    expect(revisionVerdict(now, [pod(0), pod(1, { revision: 'r1' })]).says).toBe('no');
  });

  test('whose StatefulSet has changed just now', () => {
    const old = set({ observedGeneration: 2, replicas: 2, updateRevision: 'r2' });
    expect(revisionVerdict(old, [pod(0)]).says).toBe('not known');
  });
});

describe('claims', () => {
  const set = (storage: string): IStatefulSet => ({
    ...isSet,
    metadata: { name: 'elasticsearch' },
    spec: {
      selector: {},
      serviceName: 'x',
      template: {},
      volumeClaimTemplates: [{ metadata: { name: 'data' }, spec: { resources: { requests: { storage } } } }],
    },
  });
  const claims = (asked: string, has: string) =>
    claimsOf(
      [set('1Gi')],
      [
        {
          apiVersion: 'v1',
          kind: 'PersistentVolumeClaim',
          metadata: { name: 'data-elasticsearch-0' },
          spec: { resources: { requests: { storage: asked } } },
          status: { capacity: { storage: has } },
        },
      ],
    );
  test.each([
    ['100Gi', '100Gi', '100Gi', '100Gi', 'yes: 100Gi'],
    ['102400Mi', '100Gi', '100Gi', '101Gi', 'yes: 102400Mi'],
    [
      '200Gi',
      '100Gi',
      '100Gi',
      '100Gi',
      'no: the overlay asks for 200Gi (data), but the StatefulSet asks for 100Gi, ' +
        'claim data-elasticsearch-0 asks for 100Gi',
    ],
    [
      '200Gi',
      '200Gi',
      '200Gi',
      '100Gi',
      'no: the overlay asks for 200Gi (data), but claim data-elasticsearch-0 has 100Gi',
    ],
  ])('the overlay %s, the set %s, the claim %s with %s', (overlay, live, asked, has, says) => {
    expect(told(sizesVerdict(set(overlay), set(live), claims(asked, has)))).toBe(says);
  });
});

describe('agents', () => {
  const status: AgentStatus = {
    phase: 'serving',
    phaseSeconds: 60,
    wait: undefined,
    stopReason: '',
    lookAgeSeconds: { elasticsearch: 5, kubernetes: 5 },
  };
  const node = (ordinal: number, asked: NodeStatus['asked'] = { ok: true, status }): NodeStatus => ({
    pod: `elasticsearch-${ordinal}`,
    kubernetesNode: 'node-a',
    ready: true,
    terminating: false,
    asked,
  });
  test('are heard', () => {
    expect(agentsVerdict([node(0), node(1)], wanted).says).toBe('yes');
  });

  test.each([
    ['is silent', { ok: false, why: 'no exec' } as const, 'elasticsearch-1 could not be asked: no exec'],
    [
      'has heard nothing for long',
      { ok: true, status: { ...status, lookAgeSeconds: { elasticsearch: 121, kubernetes: 5 } } } as const,
      'elasticsearch-1 has heard nothing of elasticsearch for 121 s',
    ],
    [
      'waits',
      { ok: true, status: { ...status, wait: { for: 'cluster', reason: 'of another cluster', seconds: 3 } } } as const,
      'elasticsearch-1 waits: of another cluster',
    ],
    ['does not serve', { ok: true, status: { ...status, phase: 'starting' } } as const, 'elasticsearch-1 is starting'],
  ])('one that %s', (_, asked, why) => {
    expect(told(agentsVerdict([node(0), node(1, asked)], wanted))).toBe(`no: ${why}`);
  });

  test('one that is missing', () => {
    expect(told(agentsVerdict([node(0)], wanted))).toBe('no: there is no elasticsearch-1');
  });
});

describe('kubelets', () => {
  const configz = (config: object): unknown => ({ kubeletconfig: config });
  test.each([
    [{}, 0],
    [{ shutdownGracePeriod: '0s', shutdownGracePeriodCriticalPods: '0s' }, 0],
    [{ shutdownGracePeriod: '2m30s', shutdownGracePeriodCriticalPods: '10s' }, 140],
    [
      {
        shutdownGracePeriodByPodPriority: [
          { priority: 0, shutdownGracePeriodSeconds: 60 },
          { priority: 1000, shutdownGracePeriodSeconds: 30 },
        ],
      },
      30,
    ],
  ])('%j grants %d s', (config, seconds) => {
    expect(grantedBy(configz(config))).toBe(seconds);
  });

  test('a duration of another form is not guessed', () => {
    expect(() => grantedBy(configz({ shutdownGracePeriod: 'long' }))).toThrow('shutdownGracePeriod is "long"');
    expect(() => grantedBy({})).toThrow('no object kubeletconfig');
  });

  test.each([
    [known(150), 'yes: each grants 120 s and more'],
    [known(60), 'no: node-a grants 60 s, and Elasticsearch may need 120 s'],
    [unknown('forbidden: nodes/proxy'), 'not known: node-a: forbidden: nodes/proxy'],
  ])('%j', (granted, says) => {
    expect(told(kubeletsVerdict(new Map([['node-a', granted]]), 120))).toBe(says);
  });

  test('one that grants nothing promises nothing', () => {
    expect(told(kubeletsVerdict(new Map([['node-a', known(0)]]), 120))).toMatch(/^yes: node-a grant nothing .*drain/);
  });

  test('what is needed stands in the overlay', () => {
    const agent = { name: 'agent', image: 'x', env: [{ name: 'SHUTDOWN_SECONDS', value: '120' }] };
    const spec = { selector: {}, serviceName: 'x', template: { spec: { containers: [], initContainers: [agent] } } };
    expect(neededSeconds({ ...isSet, spec })).toBe(120);
    expect(kubeletsVerdict(new Map(), neededSeconds(isSet)).says).toBe('not known');
  });
});
