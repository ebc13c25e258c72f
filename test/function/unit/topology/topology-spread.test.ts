import { describe, expect, test } from '@jest/globals';
import type { JsonMap } from '../../../../functions/elasticsearch-topology/src/yaml/json.ts';
import { at, type Change, POD, planned } from '../../support/objects.ts';

const spreadOf = (set: JsonMap): JsonMap[] => at(set, ...POD, 'topologySpreadConstraints') as JsonMap[];

describe('Pod templates', () => {
  test('are the same for every number of replicas', () => {
    const templates = [0, 1, 3, 5, 7, 9].map((replicas) =>
      at(planned({ set: [[['spec', 'replicas'], replicas]] }).set, 'spec', 'template'),
    );
    for (const template of templates) expect(template).toEqual(templates[0]);
  });
});

describe('Topology spread', () => {
  const selector = { matchLabels: { app: 'es' } };
  const zone = {
    maxSkew: 1,
    minDomains: 3,
    topologyKey: 'topology.kubernetes.io/zone',
    whenUnsatisfiable: 'DoNotSchedule',
    labelSelector: selector,
  };
  const host = {
    maxSkew: 1,
    topologyKey: 'kubernetes.io/hostname',
    whenUnsatisfiable: 'DoNotSchedule',
    nodeTaintsPolicy: 'Honor',
    labelSelector: selector,
  };

  test('is strict over three zones and over hosts by default', () => {
    expect(spreadOf(planned().set)).toEqual([zone, host]);
  });

  test('is over as many zones as are named', () => {
    expect(spreadOf(planned({ spec: { zones: ['a', 'b', 'c', 'd'] } }).set)[0]).toEqual({ ...zone, minDomains: 4 });
  });

  test('of best effort has nothing that makes a pod wait', () => {
    expect(spreadOf(planned({ spec: { spread: 'BestEffort' } }).set)).toEqual([
      { maxSkew: 1, topologyKey: zone.topologyKey, whenUnsatisfiable: 'ScheduleAnyway', labelSelector: selector },
      { maxSkew: 1, topologyKey: host.topologyKey, whenUnsatisfiable: 'ScheduleAnyway', labelSelector: selector },
    ]);
  });

  test('leaves other topology keys and other fields of its entries alone, and keeps one entry a key', () => {
    const rack = { maxSkew: 2, topologyKey: 'rack', whenUnsatisfiable: 'ScheduleAnyway' };
    const set: Change[] = [
      [
        [...POD, 'topologySpreadConstraints'],
        [host, rack, { ...host, matchLabelKeys: ['x'] }, { ...host, maxSkew: 5 }],
      ],
    ];
    expect(spreadOf(planned({ set }).set)).toEqual([host, rack, zone]);
    const kept: Change[] = [
      [
        [...POD, 'topologySpreadConstraints'],
        [{ ...zone, matchLabelKeys: ['x'], maxSkew: 4 }, host],
      ],
    ];
    expect(spreadOf(planned({ set: kept }).set)).toEqual([{ ...zone, matchLabelKeys: ['x'] }, host]);
  });

  test('changes nothing where it is right already', () => {
    const set: Change[] = [
      [
        [...POD, 'topologySpreadConstraints'],
        [host, zone],
      ],
    ];
    expect(planned({ set }).edits.filter(({ path }) => path.includes('topologySpreadConstraints'))).toEqual([]);
  });
});
