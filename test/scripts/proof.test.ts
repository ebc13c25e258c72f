import { describe, expect, test } from '@jest/globals';
import { parseManifests } from '../../scripts/lib/objects.ts';
import { proofFindings } from '../../scripts/lib/render/proof.ts';

interface Rendered {
  readonly proof?: string;
  readonly replicas?: string;
  readonly heap?: string;
  readonly memory?: string;
  readonly hosts?: string;
  /** Over hosts. */
  readonly when?: string;
}

const hosts = (count: number, namespace = 'reviews', domain = 'cluster.local'): string =>
  Array.from({ length: count }, (_, i) => `es-${i}.nodes.${namespace}.svc.${domain}\\n`).join('');

const render = ({
  proof,
  replicas = 'replicas: 3,',
  heap = '1024m',
  memory = '2Gi',
  hosts: of,
  when = 'DoNotSchedule',
}: Rendered): string => `
apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: es
  namespace: reviews
  labels: {app.kubernetes.io/name: elasticsearch}
  annotations: {${proof === undefined ? '' : `delivery-reviews.dev/topology: ${proof}`}}
spec:
  {${replicas} serviceName: nodes, template: {spec: {
    initContainers: [{name: agent, env: [{name: HEAP_SIZE, value: ${heap}}]}],
    containers: [{name: elasticsearch, resources: {limits: {memory: ${memory}}}}],
    topologySpreadConstraints: [
      {topologyKey: topology.kubernetes.io/zone, whenUnsatisfiable: DoNotSchedule},
      {topologyKey: kubernetes.io/hostname, whenUnsatisfiable: ${when}}],
    volumes: [{name: membership, configMap: {name: membership}}]}}}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: membership, namespace: reviews}
data: {unicast_hosts.txt: "${of ?? hosts(3)}"}
`;
const findings = (rendered: Rendered): string[] => proofFindings(parseManifests(render(rendered)));
const proof = 'replicas=3 heap=1024m spread=Strict';

describe('a render is accepted', () => {
  test('when what follows from its numbers is there', () => {
    expect(findings({ proof })).toEqual([]);
  });

  test('when no number is written, which means one replica', () => {
    expect(
      findings({ proof: 'replicas=1 heap=512m spread=Strict', replicas: '', heap: '512m', hosts: hosts(1) }),
    ).toEqual([]);
  });

  test('with other seed hosts behind, and in any domain of the cluster', () => {
    expect(findings({ proof, hosts: `${hosts(3, 'reviews', 'k8s.example')}# old\\nold.example:9300\\n` })).toEqual([]);
  });

  test('with less heap than half of the memory, which the config may say', () => {
    expect(findings({ proof, memory: '64Gi' })).toEqual([]);
  });
});

describe('a render is refused', () => {
  test('when the function was skipped', () => {
    expect(findings({})).toEqual([expect.stringContaining('the function did not run')]);
  });

  test('when the function ran before the overlay set its replicas', () => {
    expect(findings({ proof, replicas: 'replicas: 30,' })).toEqual([
      expect.stringMatching(/`spec.replicas` 30.*says "replicas=3 heap=1024m spread=Strict"/),
    ]);
  });

  test('when the function ran before the overlay set its namespace, or a base was brought in with its proof', () => {
    for (const other of [hosts(3, 'elsewhere'), 'es-0.nodes\\nes-1.nodes\\nes-2.nodes\\n', hosts(2), ''])
      expect(findings({ proof, hosts: other })).toEqual([
        expect.stringMatching(
          /^the seed hosts of StatefulSet reviews\/es are .*: pod es-\d is es-\d\.nodes\.reviews\.svc\./,
        ),
      ]);
  });

  test('when the function saw more memory', () => {
    expect(findings({ proof, memory: '1Gi' })).toEqual([
      expect.stringMatching(/a limit of 1Gi, and half of it is less than the heap of 1024m/),
    ]);
  });

  test('when the heap is another one than the function has worked out', () => {
    expect(findings({ proof, heap: '2048m' })).toEqual([expect.stringMatching(/HEAP_SIZE is 2048m, .*heap=1024m/)]);
    expect(findings({ proof: 'replicas=3 spread=Strict' })).toHaveLength(1);
  });

  test('when the spread is another one', () => {
    const mixed = 'replicas=3 heap=1024m spread=Strict/BestEffort';
    expect(findings({ proof: mixed, when: 'ScheduleAnyway' })).toEqual([]);
    for (const other of [{ proof, when: 'ScheduleAnyway' }, { proof: mixed }, { proof: 'replicas=3 heap=1024m' }])
      expect(findings(other)).toEqual([expect.stringMatching(/^the spread of StatefulSet reviews\/es over zones/)]);
  });

  test('when it holds no Elasticsearch', () => {
    expect(proofFindings([])).toEqual([expect.stringContaining('no StatefulSet labelled')]);
  });
});
