// Which image is older, by its tag.
import { describe, expect, test } from '@jest/globals';
import { downgradeFindings } from '../../scripts/lib/check/downgrade.ts';
import { versionOf } from '../../scripts/lib/image-version.ts';
import { image, pod, set } from './support/standing.ts';

const levels = (wanted: string, live: string | undefined, pods: readonly string[] = []): string[] =>
  downgradeFindings(set({ image: wanted }), {
    statefulSet: live === undefined ? undefined : set({ image: live }),
    claims: [],
    pods: pods.map((runs, index) => pod(`elasticsearch-${index}`, runs)),
  }).map(({ level }) => level);

describe('before a deploy', () => {
  test.each([
    ['9.5.3', '9.5.4'],
    ['9.5.3', '9.10.0'],
    ['9.9.9', '10.0.0'],
    ['9.6.0-rc1', '9.6.0'],
    ['9.6.0-alpha2', '9.6.0-beta1'],
  ])('from %s to %s is an upgrade, and back an error', (older, newer) => {
    expect(levels(image(newer), image(older))).toEqual(['ok']);
    expect(levels(image(older), image(newer))).toEqual(['error']);
  });

  test('the same version from another registry is neither', () => {
    expect(levels('registry.example:5000/es:9.5.3', image('9.5.3'))).toEqual(['ok']);
    expect(levels(image('9.5.3'), image('9.5.3-company.2'))).toEqual(['ok']);
  });

  test('what can not be compared is a warning, unless it is the same', () => {
    const digest = `docker.elastic.co/elasticsearch/elasticsearch@sha256:${'a'.repeat(64)}`;
    expect(levels(digest, digest)).toEqual(['ok']);
    expect(levels(digest, image('9.5.3'))).toEqual(['warning']);
    expect(levels(image('9.5.3'), image('latest'))).toEqual(['warning']);
    expect(
      downgradeFindings(set(), {
        statefulSet: set(),
        claims: [],
        pods: [{ ...pod('elasticsearch-0', ''), spec: { containers: [] } }],
      })[0]?.level,
    ).toBe('warning');
  });

  test('a pod that runs a newer version than the StatefulSet says counts, another workload does not', () => {
    expect(levels(image('9.5.3'), image('9.5.3'), [image('9.5.3'), image('9.5.4')])).toEqual(['error']);
    const other = [pod('elasticsearch-exporter-7d9-0', image('9.9.9')), pod('elasticsearch-x', image('9.9.9'))];
    expect(downgradeFindings(set(), { statefulSet: set(), claims: [], pods: other })[0]?.level).toBe('ok');
  });

  test('nothing is said where nothing runs', () => {
    expect(levels(image('9.5.3'), undefined)).toEqual([]);
  });
});

test.each([
  ['host:5000/elasticsearch', undefined],
  ['elasticsearch:9.5', undefined],
  ['elasticsearch:9.5.3.1', undefined],
  ['host:5000/elasticsearch:v9.5.3', [9, 5, 3, 3000]],
  [`elasticsearch:9.5.3@sha256:${'a'.repeat(64)}`, [9, 5, 3, 3000]],
  ['elasticsearch:9.6.0-SNAPSHOT', [9, 6, 0, 3000]],
  ['elasticsearch:9.6.0-rc2', [9, 6, 0, 2002]],
])('the version of %s', (name, version) => {
  expect(versionOf(name)).toEqual(version);
});
