// Where the nodes of an overlay learn their zones from, by the version of Kubernetes and what the overlay grants.
import { describe, expect, test } from '@jest/globals';
import { zoneSourceFindings } from '../../scripts/lib/check/zone-source.ts';
import { targetOf } from '../../scripts/lib/cluster/target.ts';
import { type KubernetesObject, parseManifests } from '../../scripts/lib/objects.ts';
import { one } from './support/manifests.ts';

const set = ({ replicas = 3, keys = ['topology.kubernetes.io/zone'], zones = '' } = {}): KubernetesObject =>
  one(
    JSON.stringify({
      apiVersion: 'apps/v1',
      kind: 'StatefulSet',
      metadata: { name: 'elasticsearch', namespace: 'n', labels: { 'app.kubernetes.io/name': 'elasticsearch' } },
      spec: {
        replicas,
        template: {
          spec: {
            serviceAccountName: 'elasticsearch',
            initContainers: [{ name: 'agent', env: zones === '' ? [] : [{ name: 'AWARENESS_ZONES', value: zones }] }],
            containers: [],
            topologySpreadConstraints: keys.map((topologyKey) => ({ topologyKey, maxSkew: 1 })),
          },
        },
      },
    }),
  );

const rights = (namespace = 'n', resource = 'nodes', verb = 'get', role = 'lookup.n'): readonly KubernetesObject[] =>
  parseManifests(`
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: lookup.n}
rules: [{apiGroups: [""], resources: [${resource}], verbs: [${verb}]}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: lookup.n}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: ${role}}
subjects: [{kind: ServiceAccount, name: elasticsearch, namespace: ${namespace}}]
`);

const found = (version: string, object = set(), others: readonly KubernetesObject[] = []): string[] =>
  zoneSourceFindings(version, [object, ...others], targetOf([object])).map(
    ({ level, message }) => `${level}: ${message}`,
  );

describe('an overlay that spreads over zones', () => {
  test('needs nothing from Kubernetes 1.35 on', () => {
    expect(found('v1.35.0-gke.1')).toEqual(['ok: Kubernetes v1.35.0-gke.1 tells pods their zones']);
  });

  test('gets a warning before, with the way out', () => {
    expect(found('v1.34.9')).toEqual([
      expect.stringMatching(/^warning: Kubernetes v1\.34\.9 does not.*components\/zone-lookup.*may share one$/),
    ]);
    // A version that is not understood is not taken for a new one.
    expect(found('unknown')).toEqual([expect.stringMatching(/^warning/)]);
  });

  test('and an error where zones are named: replicas wait for those zones', () => {
    expect(found('v1.34.9', set({ zones: 'a,b,c' }))).toEqual([
      expect.stringMatching(/^error: .*in one of the zones a,b,c, so replicas are never assigned$/),
    ]);
  });

  test('and none where the nodes may look their zones up', () => {
    expect(found('v1.29.0', set({ zones: 'a,b' }), rights())).toEqual(['ok: nodes look their zones up']);
    for (const wrong of [
      rights('other'),
      rights('n', 'pods'),
      rights('n', 'nodes', 'list'),
      rights('n', 'nodes', 'get', 'x'),
    ])
      expect(found('v1.29.0', set(), wrong)).toEqual([expect.stringMatching(/^warning/)]);
  });
});

test('nothing is said of one that does not spread over zones, or has no copies', () => {
  expect(found('v1.29.0', set({ keys: ['kubernetes.io/hostname'] }))).toEqual([]);
  expect(found('v1.29.0', set({ replicas: 1 }))).toEqual([]);
});
