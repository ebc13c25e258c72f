import { expect, test } from '@jest/globals';
import { parseWatermark } from '../../components/snapshots/program/answers.ts';
import { bytesOf, roomOn, watermarkOf } from '../../components/snapshots/program/room.ts';

const GB = 1024 ** 3;
const disk = (total: number, available: number) => ({ node: 'n', total: total * GB, available: available * GB });

test('sizes are read as Elasticsearch writes them', () => {
  expect(['1b', '2kb', '1.5gb', '200GB', '-1', '1', 'gb', '1 gb', '-5gb'].map(bytesOf)).toEqual([
    1,
    2048,
    1.5 * GB,
    200 * GB,
    Number.POSITIVE_INFINITY,
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
});

test.each([
  // Of 100 GB 15 must stay free; of 4 TB not 600, but 200.
  ['85%', '200gb', disk(100, 40), 25],
  ['85%', '200gb', disk(4096, 300), 100],
  ['85%', '-1', disk(4096, 700), 85.6],
  ['0.85', '200gb', disk(100, 40), 25],
  ['30gb', '-1', disk(100, 40), 10],
  ['85%', '200gb', disk(100, 10), 0],
])('below a low watermark of %s, at most %s', (low, most, one, expected) => {
  const watermark = watermarkOf(low, most);
  if (watermark === undefined) throw new Error('not understood');
  expect(roomOn([one], watermark) / GB).toBeCloseTo(expected, 1);
});

test('a shard is on one disk: the largest room counts, and no disk is no room', () => {
  const watermark = { used: 0.85, most: 200 * GB };
  expect(roomOn([disk(100, 20), disk(100, 40), disk(100, 30)], watermark) / GB).toBeCloseTo(25);
  expect(roomOn([], watermark)).toBe(0);
});

test('settings that are not understood are no room, and a cluster that does not care fills its disks', () => {
  const settings = (more: object) => ({
    defaults: {
      'cluster.routing.allocation.disk.threshold_enabled': 'true',
      'cluster.routing.allocation.disk.watermark.low': '85%',
      'cluster.routing.allocation.disk.watermark.low.max_headroom': '200GB',
    },
    persistent: {},
    transient: more,
  });
  expect(parseWatermark(settings({}))).toEqual({ used: 0.85, most: 200 * GB });
  const set = (name: string, value: string) =>
    parseWatermark(settings({ [`cluster.routing.allocation.disk.${name}`]: value }));
  expect(set('watermark.low', '70%')).toMatchObject({ used: 0.7 });
  expect(set('threshold_enabled', 'false')).toEqual({ used: 1, most: 0 });
  expect(() => set('watermark.low', 'much')).toThrow(/the low watermark is 'much'/);
  expect(() => parseWatermark({ defaults: {} })).toThrow(/threshold_enabled is missing/);
});
