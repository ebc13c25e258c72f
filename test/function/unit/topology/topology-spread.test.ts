import { describe, expect, test } from '@jest/globals';
import type { JsonMap } from '../../../../functions/elasticsearch-topology/src/yaml/json.ts';
import { at, type Change, POD, planned } from '../../support/objects.ts';

const spreadOf = (set: JsonMap): JsonMap[] => at(set, ...POD, 'topologySpreadConstraints') as JsonMap[];

const entries = (list: JsonMap[]): Change[] => [[[...POD, 'topologySpreadConstraints'], list]];

describe('Pod templates', () => {
  test('are the same for every number of replicas', () => {
    const templates = [0, 1, 3, 5, 7, 9].map((replicas) =>
      at(
        planned({ set: [[['spec', 'replicas'], replicas]], spec: { acceptedLosses: ['Quorum', 'LastCopy'] } }).set,
        'spec',
        'template',
      ),
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
    const mine = { ...host, matchLabelKeys: ['x'], nodeTaintsPolicy: 'Ignore' };
    expect(spreadOf(planned({ set: entries([mine, rack]) }).set)).toEqual([mine, rack, zone]);
  });

  test('fills in what an entry does not say', () => {
    const { topologyKey, whenUnsatisfiable } = host;
    const filled = spreadOf(planned({ set: entries([{ topologyKey, whenUnsatisfiable, maxSkew: null }]) }).set);
    expect(filled).toEqual([host, zone]);
  });

  test.each<[string, JsonMap, JsonMap, string]>([
    ['a word', { whenUnsatisfiable: 'DoNotSchedule' }, { spread: 'BestEffort' }, 'hostSpread BestEffort'],
    ['a weaker word', { whenUnsatisfiable: 'ScheduleAnyway' }, {}, 'hostSpread Strict'],
    ['a skew', { maxSkew: 5 }, {}, 'must be left out, or be 1'],
    ['a number of zones', { topologyKey: zone.topologyKey, minDomains: 2 }, {}, 'zoneSpread Strict over 3 zones'],
    ['other pods', { labelSelector: { matchLabels: { app: 'x' } } }, {}, 'must be left out, or be {"matchLabels"'],
  ])('refuses %s that the config does not say', (_what, fields, spec, words) => {
    const { messages, edits } = planned({ set: entries([{ topologyKey: host.topologyKey, ...fields }]), spec });
    expect(messages).toHaveLength(1);
    expect(messages[0]).toContain(words);
    expect(edits).toEqual([]);
  });

  test('refuses a second entry for a key, which Kubernetes would heed as well', () => {
    const { messages } = planned({ set: entries([host, { ...host, whenUnsatisfiable: 'ScheduleAnyway' }]) });
    expect(messages).toEqual([expect.stringContaining('[1].topologyKey` must appear once')]);
  });

  test('writes anew what an earlier run has written, and nothing else', () => {
    const stamp: Change = [
      ['metadata', 'annotations'],
      { 'delivery-reviews.dev/topology': 'replicas=3 heap=1024m spread=Strict zones=a,b,c,d' },
    ];
    const earlier = [{ ...zone, minDomains: 4 }, host];
    const again = planned({ set: [stamp, ...entries(earlier)], spec: { spread: 'BestEffort' } });
    expect(again.messages).toEqual([]);
    expect(spreadOf(again.set)).toEqual(spreadOf(planned({ spec: { spread: 'BestEffort' } }).set));
    const changed = planned({ set: [stamp, ...entries([{ ...zone, minDomains: 5 }, host])] });
    expect(changed.messages).toEqual([expect.stringContaining('[0].minDomains` must be left out, or be 3')]);
  });

  test.each([
    ['zones', { spread: 'BestEffort', zoneSpread: 'Strict' }, ['DoNotSchedule', 'ScheduleAnyway']],
    ['hosts', { spread: 'BestEffort', hostSpread: 'Strict' }, ['ScheduleAnyway', 'DoNotSchedule']],
    ['hosts', { zoneSpread: 'BestEffort' }, ['ScheduleAnyway', 'DoNotSchedule']],
  ])('can be strict for %s alone: %j', (_what, spec, words) => {
    const spread = spreadOf(planned({ spec }).set);
    expect(spread.map(({ whenUnsatisfiable }) => whenUnsatisfiable)).toEqual(words);
    expect(spread.map(({ minDomains }) => minDomains)).toEqual(
      words[0] === 'DoNotSchedule' ? [3, undefined] : [undefined, undefined],
    );
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
