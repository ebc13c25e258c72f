import { describe, expect, test } from '@jest/globals';
import type { INode, IPod } from 'kubernetes-models/v1';
import { roomFindings } from '../../scripts/lib/check/room.ts';
import { parseManifests } from '../../scripts/lib/objects.ts';
import { quantityOf } from '../../scripts/lib/quantity.ts';

const objects = parseManifests(`
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: elasticsearch, namespace: reviews}
spec:
  replicas: 3
  template:
    spec:
      containers: [{name: elasticsearch, resources: {requests: {cpu: "2"}, limits: {memory: 2Gi}}}]
      topologySpreadConstraints:
      - {topologyKey: kubernetes.io/hostname, whenUnsatisfiable: DoNotSchedule, maxSkew: 1}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: kibana, namespace: reviews}
spec:
  replicas: 2
  template:
    spec:
      containers: [{name: kibana, resources: {requests: {cpu: 200m, memory: 1Gi}}}]
`);

const node = (name: string, memory: string, cpu: string): INode => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name },
  status: { allocatable: { memory, cpu }, conditions: [{ type: 'Ready', status: 'True' }] },
});
const nodes = (memory: string, cpu: string): INode[] => ['a', 'b', 'c'].map((name) => node(name, memory, cpu));

const pod = (namespace: string, owner: { kind: string; name: string }, memory: string): IPod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'other', namespace, ownerReferences: [{ apiVersion: 'apps/v1', uid: '1', ...owner }] },
  spec: { nodeName: 'a', containers: [{ name: 'x', resources: { requests: { memory } } }] },
});

const found = (there: readonly INode[], pods: readonly IPod[] = []): string[] =>
  roomFindings(objects, there, pods).map(({ level, message }) => `${level}: ${message}`);

describe('room on the nodes', () => {
  test('all pods fit', () => {
    expect(found(nodes('4Gi', '4'))).toEqual([
      'ok: room for 3 × elasticsearch (2048 MiB and 2 CPU), 2 × kibana (1024 MiB and 0.2 CPU)',
    ]);
  });

  test('what others have reserved does not count', () => {
    const other = pod('default', { kind: 'ReplicaSet', name: 'other-1' }, '3Gi');
    expect(found(nodes('4Gi', '4'), [other])).toEqual([
      'warning: elasticsearch: 3 × 2048 MiB and 2 CPU must fit on the nodes, but there is room for 2 (by memory ' +
        '2 would fit, by CPU 3): the others will wait',
    ]);
  });

  test('pods that are over, and those of an earlier deployment, leave their room', () => {
    const earlier = [
      pod('reviews', { kind: 'StatefulSet', name: 'elasticsearch' }, '3Gi'),
      pod('reviews', { kind: 'ReplicaSet', name: 'kibana-7d9' }, '3Gi'),
    ];
    const over: IPod = { ...pod('default', { kind: 'Job', name: 'job' }, '3Gi'), status: { phase: 'Succeeded' } };
    expect(found(nodes('4Gi', '4'), [...earlier, over])).toEqual([expect.stringMatching(/^ok: /)]);
  });

  test('nodes with too few CPUs are named as such', () => {
    expect(found(nodes('8Gi', '1900m'))[0]).toContain('there is room for 0 (by memory 3 would fit, by CPU 0)');
  });

  test('the smaller pods need what the larger ones leave', () => {
    expect(found(nodes('8Gi', '2'))).toEqual([
      'warning: kibana: 2 × 1024 MiB and 0.2 CPU must fit on the nodes, but there is room for 0 (by memory 2 ' +
        'would fit, by CPU 0): the others will wait',
    ]);
  });

  test('nodes that take no pods have no room', () => {
    const cordoned = nodes('8Gi', '8').map((one) => ({ ...one, spec: { unschedulable: true } }));
    expect(found(cordoned).length).toBe(2);
  });
});

test.each([
  ['1536', 1536],
  ['1.5Gi', 1610612736],
  ['2e3', 2000],
  ['1500M', 1.5e9],
  ['64Ki', 65536],
  ['250m', 0.25],
  ['2', 2],
])('the quantity %s is %d', (quantity, amount) => {
  expect(quantityOf(quantity)).toBe(amount);
});
