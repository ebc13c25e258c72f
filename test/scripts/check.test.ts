import { describe, expect, test } from '@jest/globals';
import type { INode } from 'kubernetes-models/v1';
import { kindFindings, nodesFindings, storageFinding, versionFinding } from '../../scripts/lib/check/check.ts';
import { namedZoneFindings } from '../../scripts/lib/check/named-zones.ts';
import { targetOf } from '../../scripts/lib/cluster/target.ts';
import { parseManifests } from '../../scripts/lib/objects.ts';

const objects = parseManifests(`
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: elasticsearch, namespace: reviews, labels: {app.kubernetes.io/name: elasticsearch}}
spec:
  replicas: 3
  template:
    spec:
      containers: [{name: elasticsearch, resources: {limits: {memory: 2Gi}}}]
      topologySpreadConstraints:
      - {topologyKey: topology.kubernetes.io/zone, whenUnsatisfiable: DoNotSchedule, minDomains: 3, maxSkew: 1}
      - {topologyKey: kubernetes.io/hostname, whenUnsatisfiable: DoNotSchedule, maxSkew: 1}
`);
const target = targetOf(objects);

const node = (name: string, zone: string, taint?: string): INode => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name, labels: { 'topology.kubernetes.io/zone': zone } },
  spec: taint === undefined ? {} : { taints: [{ key: taint, effect: 'NoSchedule' }] },
  status: { conditions: [{ type: 'Ready', status: 'True' }] },
});
const three = [node('a', 'zone-a'), node('b', 'zone-b'), node('c', 'zone-c')];
const messages = (nodes: INode[]): string[] =>
  nodesFindings(nodes, target)
    .filter(({ level }) => level !== 'ok')
    .map(({ message }) => message);

describe('before a deployment', () => {
  test('an API server that is too old is an error', () => {
    expect(versionFinding('v1.28.9').level).toBe('error');
    expect(versionFinding('v1.29.0-eks-1234').level).toBe('ok');
    expect(versionFinding('v1.37.1').level).toBe('ok');
  });

  test('three nodes in three zones are enough', () => {
    expect(messages(three)).toEqual([]);
  });

  test('a missing zone and a missing node are said', () => {
    const found = messages([
      node('a', 'zone-a'),
      node('b', 'zone-b'),
      node('c', 'zone-c', 'node-role.kubernetes.io/control-plane'),
    ]);
    expect(found).toEqual([
      expect.stringContaining('3 pods must be on different nodes, but 2'),
      expect.stringContaining('3 zones are needed, but nodes that take pods name 2'),
    ]);
  });

  test.each<[string, unknown[]]>([
    ['zone-a,zone-b,zone-c', []],
    ['zone-a,zone-b,zone-c,zone-d', [expect.stringContaining('names zone-d, but no node')]],
    [
      'zone-a,east',
      [expect.stringContaining('names east, but no node'), expect.stringContaining('are in zone-b, zone-c, which')],
    ],
  ])('zones that the config names and nodes are not in, or the other way round, are said: %s', (zones, expected) => {
    const [object] = parseManifests(`
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: elasticsearch, namespace: reviews, labels: {app.kubernetes.io/name: elasticsearch}}
spec: {template: {spec: {initContainers: [{name: agent, env: [{name: AWARENESS_ZONES, value: '${zones}'}]}]}}}
`);
    const found = namedZoneFindings(three, targetOf(object === undefined ? [] : [object]));
    expect(found.filter(({ level }) => level !== 'ok').map(({ message }) => message)).toEqual(expected);
    expect(namedZoneFindings(three, target)).toEqual([]);
  });

  test('a default storage class is wanted where the claim names none', () => {
    expect(storageFinding([], target)).toEqual({
      level: 'warning',
      message: expect.stringContaining('a default storage class is needed'),
    });
  });

  test('a kind that the API server does not know is an error', () => {
    expect(kindFindings(objects, new Set(['StatefulSet (apps/v1)']))).toEqual([]);
    expect(kindFindings(objects, new Set())).toEqual([
      { level: 'error', message: expect.stringContaining('StatefulSet (apps/v1)') },
    ]);
  });
});
