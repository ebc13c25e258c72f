// What `make expand-storage` would do, and what stands against it; what `make deploy` says of it.
import { describe, expect, test } from '@jest/globals';
import type { IStatefulSet } from 'kubernetes-models/apps/v1';
import type { IStorageClass } from 'kubernetes-models/storage.k8s.io/v1';
import { claimsOf, type NodeClaim } from '../../scripts/lib/check/claims.ts';
import {
  claimFindings,
  expansionOf,
  stillSmall,
  templateFindings,
  waitsFor,
} from '../../scripts/lib/check/expansion.ts';
import { differences } from '../../scripts/lib/cluster/same-pods.ts';
import { set } from './support/standing.ts';

const sized = (storage: string, more: object = {}): IStatefulSet => {
  const plain = set();
  const template = {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name: 'data' },
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage } }, ...more },
  };
  return { ...plain, spec: { ...plain.spec, volumeClaimTemplates: [template] } } as IStatefulSet;
};

interface Claim {
  readonly asks?: string;
  readonly has?: string;
  readonly phase?: 'Bound' | 'Pending';
  readonly storageClassName?: string;
}

const claims = (...wanted: readonly Claim[]): readonly NodeClaim[] =>
  claimsOf(
    [sized('1Gi')],
    wanted.map(({ asks = '100Gi', has = asks, phase = 'Bound', storageClassName = 'fast' }, i) => ({
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name: `data-elasticsearch-${i}` },
      spec: { storageClassName, resources: { requests: { storage: asks } } },
      status: { phase, capacity: { storage: has } },
    })),
  );

const fast: IStorageClass = {
  apiVersion: 'storage.k8s.io/v1',
  kind: 'StorageClass',
  metadata: { name: 'fast' },
  provisioner: 'x',
  allowVolumeExpansion: true,
};

const refusals = (
  rendered: IStatefulSet,
  live: IStatefulSet | undefined,
  some: readonly NodeClaim[],
  classes: readonly IStorageClass[] = [fast],
): readonly string[] => expansionOf(rendered, live, some, classes).refusals;

describe('larger disks', () => {
  test('are claims that grow, and a StatefulSet that is made anew', () => {
    const plan = expansionOf(sized('200Gi'), sized('100Gi'), claims({}, {}), [fast]);
    expect(plan).toEqual({
      refusals: [],
      grow: [0, 1].map((i) => ({ claim: `data-elasticsearch-${i}`, from: '100Gi', to: '200Gi' })),
      sizes: new Map([0, 1].map((i) => [`data-elasticsearch-${i}`, '200Gi'])),
      replaces: true,
    });
  });

  test('go on where an earlier run stopped', () => {
    const some = claims({ asks: '200Gi', has: '100Gi' }, {});
    const half = expansionOf(sized('200Gi'), sized('100Gi'), some, [fast]);
    expect(half.grow.map(({ claim }) => claim)).toEqual(['data-elasticsearch-1']);
    expect(stillSmall(some, half.sizes).map(({ name }) => name)).toEqual([
      'data-elasticsearch-0',
      'data-elasticsearch-1',
    ]);
    const orphaned = expansionOf(sized('200Gi'), undefined, claims({ asks: '200Gi' }), [fast]);
    expect(orphaned).toMatchObject({ refusals: [], grow: [], replaces: true });
    const done = expansionOf(sized('200Gi'), sized('0.1953125Ti'), claims({ asks: '200Gi' }), []);
    expect(done).toMatchObject({ refusals: [], grow: [], replaces: false });
  });

  test.each<[string, readonly string[], RegExp]>([
    [
      'a template that would shrink',
      refusals(sized('50Gi'), sized('100Gi'), claims({ asks: '50Gi' })),
      /no claim smaller/,
    ],
    [
      'a claim that would',
      refusals(sized('200Gi'), sized('100Gi'), claims({ asks: '300Gi' })),
      /data-elasticsearch-0 has 300Gi/,
    ],
    [
      'a class that does not allow it',
      refusals(sized('200Gi'), sized('100Gi'), claims({}), [{ ...fast, allowVolumeExpansion: false }]),
      /allowVolumeExpansion/,
    ],
    [
      'a class that says nothing',
      refusals(sized('200Gi'), sized('100Gi'), claims({ storageClassName: 'plain' }), [
        { ...fast, metadata: { name: 'plain' }, allowVolumeExpansion: undefined } as unknown as IStorageClass,
      ]),
      /does not allow it/,
    ],
    [
      'a class that is not there',
      refusals(sized('200Gi'), sized('100Gi'), claims({ storageClassName: 'gone' })),
      /of the class "gone", which/,
    ],
    [
      'a claim without a volume',
      refusals(sized('200Gi'), sized('100Gi'), claims({ phase: 'Pending' })),
      /has no volume yet/,
    ],
    [
      'a template of another class',
      refusals(sized('200Gi', { storageClassName: 'b' }), sized('100Gi', { storageClassName: 'a' }), claims({})),
      /storageClassName of claim template data differs/,
    ],
    ['a template without a size', refusals(sized(''), sized('100Gi'), claims({})), /has no size/],
    ['a size that is not understood', refusals(sized('many'), sized('100Gi'), claims({})), /has no size/],
    ['no claims at all', refusals(sized('200Gi'), undefined, []), /no claim of a node/],
    [
      'another template',
      refusals(
        sized('200Gi'),
        { ...sized('100Gi'), spec: { ...sized('100Gi').spec, volumeClaimTemplates: [] } } as IStatefulSet,
        claims({}),
      ),
      /template data is only in the overlay/,
    ],
  ])('are refused for %s', (_, said, why) => {
    expect(said).toEqual(expect.arrayContaining([expect.stringMatching(why)]));
  });

  test('say what their volumes wait for', () => {
    const [one] = claims({ asks: '200Gi', has: '100Gi' });
    if (one === undefined) throw new Error('no claim');
    const conditions = [{ type: 'FileSystemResizePending', status: 'True', message: 'waiting for a pod' }];
    const pending = { ...one, claim: { ...one.claim, status: { ...one.claim.status, conditions } } };
    expect(waitsFor(pending)).toBe('data-elasticsearch-0 has 100Gi: FileSystemResizePending (waiting for a pod)');
    expect(waitsFor(one)).toBe('data-elasticsearch-0 has 100Gi');
  });
});

describe('before a deploy', () => {
  test.each([
    ['200Gi', '100Gi', [['error', /has 100Gi in the cluster, and 200Gi in the overlay: run `make expand-storage`/]]],
    ['50Gi', '100Gi', [['error', /makes no claim smaller. Write 100Gi into the overlay/]]],
    ['100Gi', '100Gi', []],
    ['0.1Ti', '102.4Gi', []],
  ] as const)('templates of %s over %s', (wanted, has, said) => {
    expect(templateFindings(sized(wanted), sized(has))).toEqual(
      said.map(([level, message]) => ({ level, message: expect.stringMatching(message) })),
    );
    expect(templateFindings(sized(wanted), undefined)).toEqual([]);
  });

  test('claims that are smaller than the templates are named', () => {
    expect(claimFindings(sized('200Gi'), claims({ asks: '200Gi' }, {}))).toEqual([
      { level: 'warning', message: expect.stringMatching(/^data-elasticsearch-1: smaller/) },
    ]);
    expect(claimFindings(sized('100Gi'), claims({})).map(({ level }) => level)).toEqual(['ok']);
    expect(claimFindings(sized('100Gi'), [])).toEqual([]);
  });
});

test('differences of templates are named by their place', () => {
  const a = { metadata: { labels: { a: '1' } }, spec: { containers: [{ name: 'x', image: 'a' }] } };
  const b = { metadata: { labels: { a: '1' } }, spec: { containers: [{ name: 'x', image: 'b' }], hostname: 'y' } };
  expect(differences(a, b)).toEqual(['spec.containers[0].image', 'spec.hostname']);
  expect(differences(a, a)).toEqual([]);
  expect(differences(1, undefined, 'replicas')).toEqual(['replicas']);
});
