// Disks against the watermarks, and against the loss of a node.
import { describe, expect, test } from '@jest/globals';
import { type Disk, type Disks, headroomVerdict, readDisk, roomVerdict } from '../../../scripts/lib/doctor/disk.ts';
import { judge, known, unknown } from '../../../scripts/lib/doctor/known.ts';
import type { Verdict } from '../../../scripts/lib/doctor/verdict.ts';
import { watermarksOf } from '../../../scripts/lib/doctor/watermarks.ts';
import { settings, state } from './support.ts';

const GIB = 2 ** 30;
const told = ({ says, detail }: Verdict): string => `${says}: ${detail}`;

/** Of 100 GiB each; by how much is used. */
const disks = (...used: readonly number[]): Disks =>
  new Map(
    used.map((gib, i) => [
      `elasticsearch-${i}`,
      known<Disk>({ total: 100 * GIB, free: (100 - gib) * GIB, data: gib * GIB }),
    ]),
  );

test('df and du are read, and nothing that is not whole', () => {
  expect(readDisk(' 1B-blocks     Avail\n107374182400 53687091200\n4096\t/usr/share/elasticsearch/data\n')).toEqual({
    total: 107_374_182_400,
    free: 53_687_091_200,
    data: 4096,
  });
  for (const text of ['', ' 1B-blocks     Avail\n107374182400 53687091200\n', 'df: no such file\n'])
    expect(() => readDisk(text)).toThrow('df and du say: ');
});

describe('watermarks', () => {
  const low = (value: string, headroom = '-1'): number =>
    watermarksOf(
      settings({
        'cluster.routing.allocation.disk.watermark.low': value,
        'cluster.routing.allocation.disk.watermark.low.max_headroom': headroom,
      }),
    ).low(1000 * GIB);
  test.each([
    ['85%', '-1', 150],
    ['85%', '200GB', 150],
    ['85%', '20gb', 20],
    ['0.85', '-1', 150],
    ['50gb', '-1', 50],
    ['0.5tb', '-1', 512],
  ])('%s with a headroom of %s leave %d GiB of 1000', (value, headroom, gib) => {
    expect(Math.round(low(value, headroom) / GIB)).toBe(gib);
  });

  test('what is none is not guessed', () => {
    expect(() => low('much')).toThrow('watermark.low is "much"');
    expect(
      judge('x', known(1), () =>
        roomVerdict(disks(10), settings({ 'cluster.routing.allocation.disk.watermark.low': 'much' })),
      ),
    ).toEqual({ says: 'not known', about: 'x', detail: 'cluster.routing.allocation.disk.watermark.low is "much"' });
  });
});

describe('room', () => {
  test('below the low watermark', () => {
    expect(told(roomVerdict(disks(10, 84), settings()))).toBe('yes: elasticsearch-0 10 %, elasticsearch-1 84 %');
  });

  test('at it, and at the last', () => {
    expect(told(roomVerdict(disks(10, 85, 95), settings()))).toBe(
      'no: elasticsearch-1 is 85 % full, above the low one; elasticsearch-2 is 95 % full, above the last one',
    );
  });

  test('a disk that could not be measured makes it unknown, whatever the others have', () => {
    const some = new Map([...disks(10), ['elasticsearch-1', unknown('forbidden: no exec')] as const]);
    expect(told(roomVerdict(some, settings()))).toBe('not known: elasticsearch-1: forbidden: no exec');
    expect(told(roomVerdict(new Map(), settings()))).toBe('not known: no pod of Elasticsearch runs');
  });

  test('nobody heeds watermarks that are off', () => {
    const off = settings({ 'cluster.routing.allocation.disk.threshold_enabled': 'false' });
    expect(roomVerdict(disks(10), off).says).toBe('no');
  });
});

describe('headroom for a lost node', () => {
  test('is what the others may take below the low watermark', () => {
    // 57 GiB are needed; the others have 85 - 57 each, 56 together.
    expect(headroomVerdict(disks(56, 56, 56), settings(), state()).says).toBe('yes');
    expect(told(headroomVerdict(disks(57, 57, 57), settings(), state()))).toContain(
      'elasticsearch-0 has 57 GiB, the others take 56 GiB below the low watermark',
    );
  });

  test('counts what the node has, not what others have on the same disk', () => {
    const shared: Disks = new Map(
      [...disks(80, 80, 80)].map(([pod, disk]) => [pod, disk.known ? known({ ...disk.value, data: GIB }) : disk]),
    );
    expect(headroomVerdict(shared, settings(), state()).says).toBe('yes');
  });

  test('with forced awareness only a zone of several nodes needs any', () => {
    const forced = settings({}, {}, { 'cluster.routing.allocation.awareness.force.zone.values': 'a,b,c' });
    expect(headroomVerdict(disks(80, 80, 80), forced, state()).says).toBe('yes');
    const members = state().members.map((member) => ({ ...member, zone: member.zone === 'b' ? 'a' : member.zone }));
    expect(headroomVerdict(disks(80, 80, 10), forced, state({ members })).says).toBe('no');
  });

  test('nobody is asked of a single node', () => {
    expect(headroomVerdict(disks(99), settings(), state()).says).toBe('yes');
  });
});
