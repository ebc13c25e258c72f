import { describe, expect, test } from '@jest/globals';
import type { JsonMap } from '../../../../functions/elasticsearch-topology/src/yaml/json.ts';
import { at, type Change, cluster, POD, planned } from '../../support/objects.ts';

const hosts = (map: JsonMap): unknown => at(map, 'data', 'unicast_hosts.txt');
const renamed = (name: string, was: string, namespace?: string): Change[] => [
  [['metadata', 'name'], name],
  [
    ['metadata', 'annotations'],
    {
      'internal.config.kubernetes.io/previousNames': was,
      ...(namespace === undefined ? {} : { 'internal.config.kubernetes.io/previousNamespaces': namespace }),
    },
  ],
];

describe('Discovery', () => {
  // One node survives no zone, which is not what is tested here.
  const spec = { zoneSpread: 'BestEffort' };

  test.each([0, 1, 3, 5, 7, 9])('of %d replicas has one seed host and one voter for each', (replicas) => {
    const { map } = planned({ set: [[['spec', 'replicas'], replicas]], spec });
    const names = Array.from({ length: replicas }, (_, i) => `es-${i}`);
    expect(hosts(map)).toBe(names.map((name) => `${name}.es-nodes.n.svc.cluster.local\n`).join(''));
    expect(at(map, 'data', 'initial_master_nodes.txt')).toBe(names.map((name) => `${name}\n`).join(''));
  });

  test('of a set that does not say how many has one, as Kubernetes', () => {
    expect(hosts(planned({ set: [[['spec', 'replicas'], undefined]], spec }).map)).toBe(
      'es-0.es-nodes.n.svc.cluster.local\n',
    );
  });

  test('begins at the first ordinal', () => {
    const set: Change[] = [
      [['spec', 'ordinals'], { start: 4 }],
      [['spec', 'replicas'], 1],
    ];
    expect(hosts(planned({ set, spec }).map)).toBe('es-4.es-nodes.n.svc.cluster.local\n');
  });

  test("uses the cluster's domain, and without a namespace no domain at all", () => {
    const one: Change = [['spec', 'replicas'], 1];
    expect(hosts(planned({ set: [one], spec: { ...spec, clusterDomain: 'k8s' } }).map)).toBe(
      'es-0.es-nodes.n.svc.k8s\n',
    );
    const bare: Change[] = [[['metadata', 'namespace'], undefined]];
    expect(hosts(planned({ set: [one, ...bare], map: bare, service: bare, spec }).map)).toBe('es-0.es-nodes\n');
  });

  test('follows names that have a prefix by now', () => {
    const { map, messages } = planned({
      set: [...renamed('blue-es', 'es'), [['spec', 'replicas'], 1]],
      map: renamed('blue-es-membership', 'x,es-membership'),
      service: renamed('blue-es-nodes', 'es-nodes'),
      spec: { ...spec, statefulSet: { name: 'es' } },
    });
    expect(hosts(map)).toBe('blue-es-0.blue-es-nodes.n.svc.cluster.local\n');
    expect(messages).toEqual([]);
  });

  test('keeps seed hosts that are no nodes of the set, and replaces those that are, by whatever name', () => {
    const text = 'es-7.es-nodes.old.svc.cluster.local\nold-0:9300\nes-0\n\n# by hand\nes-x.example\n10.0.0.1\n';
    const { map } = planned({
      set: [...renamed('es', 'old'), [['spec', 'replicas'], 1]],
      map: [[['data', 'unicast_hosts.txt'], text]],
      spec,
    });
    expect(hosts(map)).toBe('es-0.es-nodes.n.svc.cluster.local\n# by hand\nes-x.example\n10.0.0.1\n');
  });

  test('refuses voters that are no nodes of the set', () => {
    const { messages, edits } = planned({ map: [[['data', 'initial_master_nodes.txt'], 'es-0\nother-0\n']] });
    expect(messages).toEqual([
      '`data["initial_master_nodes.txt"]` must name nodes of StatefulSet es only, found ["other-0"]',
    ]);
    expect(edits).toEqual([]);
  });

  test('prefers the Service that has the name now to one that had it', () => {
    const old = {
      ...cluster.service,
      metadata: {
        name: 'z',
        namespace: 'n',
        annotations: { 'internal.config.kubernetes.io/previousNames': 'es-nodes' },
      },
    };
    expect(hosts(planned({ set: [[['spec', 'replicas'], 1]], others: [old], spec }).map)).toContain('es-0.es-nodes.');
  });

  test('finds the ConfigMap in a projected volume, and no other one', () => {
    const volumes = [
      { name: 'a', emptyDir: {} },
      {
        name: 'p',
        projected: { sources: [{ secret: { name: 'es-membership' } }, { configMap: { name: 'es-membership' } }] },
      },
    ];
    const others = [
      { ...cluster.map, metadata: { name: 'other', namespace: 'n' } },
      { ...cluster.map, metadata: { name: 'es-membership', namespace: 'elsewhere' } },
      { ...cluster.map, metadata: { name: 'es-membership', namespace: 'n' }, data: { other: '' } },
    ];
    expect(planned({ set: [[[...POD, 'volumes'], volumes]], others }).messages).toEqual([]);
  });

  test('without a ConfigMap, or with two, is an error', () => {
    expect(planned({ map: [[['data'], null]] }).messages[0]).toContain(
      'must mount exactly one ConfigMap of the list that has the key unicast_hosts.txt, found ["es-membership"]',
    );
    expect(planned({ others: [cluster.map] }).messages[0]).toContain('found 2');
    expect(planned({ set: [[[...POD, 'volumes'], undefined]] }).messages[0]).toContain('found nothing');
  });
});

describe('The Service', () => {
  test('that is missing gets a warning', () => {
    expect(planned({ service: [[['kind'], 'Other']] }).messages).toEqual([
      '`spec.serviceName` names no Service of this list: the seed hosts need "es-nodes" to be headless',
    ]);
  });

  test('that is not headless, or hides nodes that are not ready, gets a warning', () => {
    expect(planned({ service: [[['spec'], null]] }).messages).toHaveLength(2);
  });
});
