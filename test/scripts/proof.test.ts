import { describe, expect, test } from '@jest/globals';
import { parseManifests } from '../../scripts/lib/objects.ts';
import { proofFindings } from '../../scripts/lib/render/proof.ts';

interface Rendered {
  readonly proof?: string;
  readonly replicas?: string;
  readonly heap?: string;
  readonly memory?: string;
  readonly hosts?: string;
  /** Fields of the constraint for zones, and a further constraint, as YAML in flow style. */
  readonly zones?: string;
  readonly more?: string;
  /** Over hosts. */
  readonly when?: string;
}

const hosts = (count: number, namespace = 'reviews', domain = 'cluster.local'): string =>
  Array.from({ length: count }, (_, i) => `es-${i}.nodes.${namespace}.svc.${domain}\\n`).join('');

const ours = 'labelSelector: {matchLabels: {app: es}}';
const strict = `maxSkew: 1, minDomains: 3, whenUnsatisfiable: DoNotSchedule, ${ours}`;

const render = ({
  proof,
  replicas = 'replicas: 3,',
  heap = '1024m',
  memory = '2Gi',
  hosts: of,
  zones = strict,
  when = 'DoNotSchedule',
  more = '',
}: Rendered): string => `
apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: es
  namespace: reviews
  labels: {app.kubernetes.io/name: elasticsearch}
  annotations: {${proof === undefined ? '' : `delivery-reviews.dev/topology: "${proof}"`}}
spec:
  {${replicas} serviceName: nodes, selector: {matchLabels: {app: es}}, template: {spec: {
    initContainers: [{name: agent, env: [{name: HEAP_SIZE, value: ${heap}}]}],
    containers: [{name: elasticsearch, resources: {limits: {memory: ${memory}}}}],
    topologySpreadConstraints: [
      {topologyKey: topology.kubernetes.io/zone, ${zones}},
      {topologyKey: kubernetes.io/hostname, maxSkew: 1, whenUnsatisfiable: ${when}, ${ours}, nodeTaintsPolicy: Honor},
      ${more}],
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

  test('with another spread that the config says, and constraints for keys of somebody', () => {
    const wish = `maxSkew: 1, whenUnsatisfiable: ScheduleAnyway, ${ours}`;
    const spread = 'replicas=3 heap=1024m spread=';
    expect(findings({ proof: `${spread}Strict/BestEffort`, when: 'ScheduleAnyway' })).toEqual([]);
    expect(findings({ proof: `${spread}BestEffort/Strict`, zones: wish })).toEqual([]);
    expect(findings({ proof: `${spread}BestEffort`, zones: wish, when: 'ScheduleAnyway' })).toEqual([]);
    expect(findings({ proof: `${proof} zones=a,b`, zones: strict.replace('3', '2') })).toEqual([]);
    expect(findings({ proof, more: '{topologyKey: rack, maxSkew: 2, whenUnsatisfiable: ScheduleAnyway}' })).toEqual([]);
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

  test.each<[string, Rendered, RegExp]>([
    ['is only a wish', { when: 'ScheduleAnyway' }, /: whenUnsatisfiable of kubernetes\.io\/hostname\. Say zoneSpread/],
    ['is no wish any more', { proof: 'replicas=3 heap=1024m spread=Strict/BestEffort' }, /: whenUnsatisfiable of kube/],
    ['takes two zones', { zones: strict.replace('3', '2') }, /: minDomains of topology\.kubernetes\.io\/zone\. /],
    ['is of named zones', { proof: `${proof} zones=a,b` }, /zones=a,b"\): minDomains of topology/],
    ['allows a skew', { zones: strict.replace('1', '2') }, /: maxSkew of topology/],
    ['is of other pods', { zones: strict.replace('app: es', 'app: other') }, /: labelSelector of topology/],
    ['is there twice', { more: `{topologyKey: kubernetes.io/hostname, ${strict}}` }, /: 2 constraints for kubernetes/],
    ['is not in the annotation', { proof: 'replicas=3 heap=1024m' }, /: the annotation has none\./],
  ])('when the spread %s', (_, rendered, message) => {
    const found = findings({ proof, ...rendered });
    expect(found).toEqual([
      expect.stringMatching(/^the spread of StatefulSet reviews\/es over zones .*List the topology folder/),
    ]);
    expect(found).toEqual([expect.stringMatching(message)]);
  });

  test('when it holds no Elasticsearch', () => {
    expect(proofFindings([])).toEqual([expect.stringContaining('no StatefulSet labelled')]);
  });
});
