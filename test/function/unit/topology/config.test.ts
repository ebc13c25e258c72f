import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import Ajv from 'ajv';
import fc from 'fast-check';
import { readConfig } from '../../../../functions/elasticsearch-topology/src/topology/config.ts';

const schema = JSON.parse(
  readFileSync(join(__dirname, '../../../../functions/elasticsearch-topology/schema.json'), 'utf8'),
) as object;

const head = { apiVersion: 'delivery-reviews.dev/v1alpha1', kind: 'ElasticsearchTopology' };
const defaults = {
  container: 'elasticsearch',
  zoneSpread: 'Strict',
  hostSpread: 'Strict',
  clusterDomain: 'cluster.local',
};

const problems = (spec: unknown): string[] => {
  const read = readConfig({ ...head, spec });
  return Array.isArray(read) ? read.map(({ path, must }) => `${path.join('.')} must ${must}`) : [];
};

// Values that are right, nearly right and wrong, for every field and for fields that do not exist.
const word = fc.oneof(
  fc.constantFrom(
    'elasticsearch',
    'Strict',
    'BestEffort',
    'strict',
    'cluster.local',
    'a',
    'A_b.c',
    '',
    '-a',
    'a.',
    'a'.repeat(64),
  ),
  fc.string({ maxLength: 8 }),
);
const any = fc.oneof(
  word,
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
  fc.constant({}),
  fc.array(word, { maxLength: 4 }),
);
const specs = fc.record(
  {
    statefulSet: fc.oneof(any, fc.record({ name: any, namespace: any, other: any }, { requiredKeys: [] })),
    container: any,
    prepareContainer: any,
    spread: any,
    zoneSpread: any,
    hostSpread: any,
    acceptedLosses: fc.oneof(any, fc.array(fc.constantFrom('Quorum', 'LastCopy', 'quorum'), { maxLength: 3 })),
    heap: fc.oneof(any, fc.stringMatching(/^\d{1,4}(Mi|Gi|m|)$/)),
    zones: fc.oneof(any, fc.array(word, { maxLength: 4 })),
    clusterDomain: any,
    spraed: any,
    __proto__: any,
  },
  { requiredKeys: [] },
);
const configs = fc.oneof(
  any,
  fc.record(
    {
      apiVersion: fc.constantFrom(head.apiVersion, 'v1'),
      kind: fc.constantFrom(head.kind, 'X'),
      metadata: any,
      spec: fc.oneof(any, specs),
      extra: any,
    },
    { requiredKeys: [] },
  ),
  fc.record(
    { apiVersion: fc.constant(head.apiVersion), kind: fc.constant(head.kind), spec: specs },
    { requiredKeys: ['apiVersion', 'kind'] },
  ),
);

describe('The config', () => {
  test('may be missing, and then every default holds', () => {
    expect(readConfig(undefined)).toEqual(defaults);
    expect(readConfig(null)).toEqual(defaults);
    expect(readConfig(head)).toEqual(defaults);
    expect(readConfig({ ...head, metadata: { name: 'x', annotations: {} }, spec: {} })).toEqual(defaults);
  });

  test('overrides what it names', () => {
    const spec = {
      statefulSet: { name: 'es', namespace: 'n' },
      spread: 'BestEffort',
      zones: ['a', 'b'],
      clusterDomain: 'k8s.example',
    };
    const { spread, ...rest } = spec;
    expect(readConfig({ ...head, spec })).toEqual({ ...defaults, zoneSpread: spread, hostSpread: spread, ...rest });
  });

  test('spreads over hosts and over zones as one word says, or as two do', () => {
    const words = (spec: object): unknown => {
      const read = readConfig({ ...head, spec });
      return Array.isArray(read) ? read : [read.zoneSpread, read.hostSpread];
    };
    expect(words({})).toEqual(['Strict', 'Strict']);
    expect(words({ spread: 'BestEffort' })).toEqual(['BestEffort', 'BestEffort']);
    expect(words({ spread: 'BestEffort', hostSpread: 'Strict' })).toEqual(['BestEffort', 'Strict']);
    expect(words({ zoneSpread: 'BestEffort' })).toEqual(['BestEffort', 'Strict']);
    expect(words({ spread: 'BestEffort', zoneSpread: 'Strict', hostSpread: 'Strict' })).toEqual(['Strict', 'Strict']);
  });

  test('may be the empty one that `kpt fn eval` sends, and no other of its kind', () => {
    const empty = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'function-input' }, data: {} };
    expect(readConfig(empty)).toEqual(defaults);
    expect(readConfig({ ...empty, data: { spread: 'BestEffort' } })).toEqual([
      expect.objectContaining({ path: ['apiVersion'] }),
      expect.objectContaining({ path: ['kind'] }),
      expect.objectContaining({ path: ['data'] }),
    ]);
  });

  test('is accepted and refused exactly where its JSON Schema says so', () => {
    const valid = new Ajv().compile(schema);
    fc.assert(
      fc.property(configs, (config) => {
        // No config at all is not the schema's affair.
        fc.pre(config !== null && config !== undefined);
        expect(Array.isArray(readConfig(config))).toBe(!valid(config));
      }),
      { numRuns: 3000 },
    );
  });

  test('is a schema that JSON Schema itself accepts, strictly', () => {
    expect(() => new Ajv({ strict: true }).compile(schema)).not.toThrow();
  });

  test.each<[unknown, string]>([
    [{ spraed: 'Strict' }, 'spec.spraed must be a field that exists, probably `spread`'],
    [{ Zones: ['a'] }, 'spec.Zones must be a field that exists, probably `zones`'],
    [{ clusterDomian: 'x' }, 'spec.clusterDomian must be a field that exists, probably `clusterDomain`'],
    [
      { statefulSet: { name: 'a', nmaespace: 'b' } },
      'spec.statefulSet.nmaespace must be a field that exists, probably `namespace`',
    ],
    [
      { replicas: 3 },
      'spec.replicas must be one of the fields statefulSet, container, prepareContainer, spread, zoneSpread, ' +
        'hostSpread, acceptedLosses, heap, zones, clusterDomain',
    ],
    [{ spread: 'strict' }, 'spec.spread must be Strict or BestEffort'],
    [{ hostSpread: { zones: 'Strict' } }, 'spec.hostSpread must be Strict or BestEffort'],
    [{ acceptedLosses: 'Quorum' }, 'spec.acceptedLosses must be a list of Quorum and LastCopy'],
    [{ acceptedLosses: ['Zone'] }, 'spec.acceptedLosses.0 must be Quorum or LastCopy'],
    [{ heap: '4g' }, 'spec.heap must be a size in Mi or Gi, 128Mi or more'],
    [{ heap: '127Mi' }, 'spec.heap must be a size in Mi or Gi, 128Mi or more'],
    [{ zones: [] }, 'spec.zones must hold at least 1 item'],
    [{ zones: ['a', 'b', 'a'] }, 'spec.zones.2 must appear once'],
    [
      { zones: ['a,b'] },
      'spec.zones.0 must be the name of a zone, as nodes have it in the label `topology.kubernetes.io/zone`',
    ],
    [{ zones: 'a' }, 'spec.zones must be a list of zone names'],
    [{ statefulSet: {} }, 'spec.statefulSet.name must be given'],
    [{ clusterDomain: '.local' }, 'spec.clusterDomain must be a DNS domain'],
    [null, 'spec must be a map'],
  ])('%j is refused: %s', (spec, message) => {
    expect(problems(spec)).toEqual([message]);
  });

  test('of another kind is refused', () => {
    expect(readConfig({ apiVersion: 'v1', kind: 'ConfigMap', data: {} })).toHaveLength(3);
  });
});
