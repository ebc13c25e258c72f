// Disks against the watermarks, and against the loss of a node.
import { describe, expect, test } from '@jest/globals';
import { type Disk, type Disks, headroomVerdict, readDisk, roomVerdict } from '../../../scripts/lib/questions/disk.ts';
import { judge, known, unknown } from '../../../scripts/lib/questions/known.ts';
import type { Verdict } from '../../../scripts/lib/questions/verdict.ts';
import { watermarksOf } from '../../../scripts/lib/questions/watermarks.ts';
import { settings, state } from './support.ts';

const GIB = 2 ** 30;
const told = ({ says, detail }: Verdict): string => `${says}: ${detail}`;

/** Of 100 GiB each; by how much is used, all of it by a copy of reviews. */
const disks = (...used: readonly number[]): Disks =>
  new Map(
    used.map((gib, i) => [
      `elasticsearch-${i}`,
      known<Disk>({ total: 100 * GIB, free: (100 - gib) * GIB, data: new Map([['uuid-11/0', gib * GIB]]) }),
    ]),
  );

test('df and du are read, each copy by its folder, and nothing that is not whole', () => {
  const of = '/usr/share/elasticsearch/data';
  const whole =
    ' 1B-blocks     Avail\n107374182400 53687091200\n' +
    `4096\t${of}/_state\n` +
    `70\t${of}/indices/n3Zq-_aB/0\n9\t${of}/indices/n3Zq-_aB/_state\n79\t${of}/indices/n3Zq-_aB\n` +
    `79\t${of}/indices\n4175\t${of}\n`;
  expect(readDisk(whole)).toEqual({
    total: 107_374_182_400,
    free: 53_687_091_200,
    data: new Map([['n3Zq-_aB/0', 70]]),
  });
  for (const text of ['', ' 1B-blocks     Avail\n107374182400 53687091200\n', 'df: no such file\n'])
    expect(() => readDisk(text)).toThrow('df and du say: ');
  for (let at = 0; at < whole.length; at += 1) expect(() => readDisk(whole.slice(0, at))).toThrow('df and du say: ');
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
  const [first] = state().copies;
  const single = state({ copies: first === undefined ? [] : [first] });
  const everywhere = state({
    copies: [0, 1, 2].flatMap((i) => (first === undefined ? [] : [{ ...first, node: `elasticsearch-${i}` }])),
  });

  test('is what the others may take below the low watermark', () => {
    // 57 GiB are needed; the others have 85 - 57 each, 56 together.
    expect(headroomVerdict(disks(56, 56, 56), settings(), single).says).toBe('yes');
    expect(told(headroomVerdict(disks(57, 57, 57), settings(), single))).toContain(
      'elasticsearch-0 has 57 GiB, the others take 56 GiB below the low watermark',
    );
  });

  test('is not needed for a copy that each of the others has already', () => {
    expect(headroomVerdict(disks(80, 80, 80), settings(), everywhere).says).toBe('yes');
    expect(headroomVerdict(disks(80, 80, 80), settings(), state()).says).toBe('no');
  });

  test('is not known while a copy in use was not measured; one that is being made has nothing yet', () => {
    const empty: Disks = new Map(
      [...disks(80, 80, 80)].map(([pod, disk]) => [pod, disk.known ? known({ ...disk.value, data: new Map() }) : disk]),
    );
    expect(() => headroomVerdict(empty, settings(), single)).toThrow('elasticsearch-0 has no folder of reviews-2026');
    const made = single.copies.map((copy) => ({ ...copy, state: 'INITIALIZING' }));
    expect(headroomVerdict(empty, settings(), state({ copies: made })).says).toBe('yes');
  });

  test('counts what the node has, not what others have on the same disk', () => {
    const shared: Disks = new Map(
      [...disks(80, 80, 80)].map(([pod, disk]) => [
        pod,
        disk.known ? known({ ...disk.value, data: new Map([['uuid-11/0', GIB]]) }) : disk,
      ]),
    );
    expect(headroomVerdict(shared, settings(), state()).says).toBe('yes');
  });

  test('with forced awareness only a zone of several nodes needs any', () => {
    const forced = settings({}, {}, { 'cluster.routing.allocation.awareness.force.zone.values': 'a,b,c' });
    expect(headroomVerdict(disks(80, 80, 80), forced, state()).says).toBe('yes');
    const members = state().members.map((member) => ({ ...member, zone: member.zone === 'b' ? 'a' : member.zone }));
    expect(headroomVerdict(disks(80, 80, 10), forced, state({ ...single, members })).says).toBe('no');
  });

  test('nobody is asked of a single node', () => {
    expect(headroomVerdict(disks(99), settings(), state()).says).toBe('yes');
  });
});
