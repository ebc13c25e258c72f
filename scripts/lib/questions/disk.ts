// Is there room on the disks, and would there still be if a node were lost?

import { NotUnderstood } from '../shape.ts';
import { byShard, type Copy, isServing, type Settings, type State } from './answers.ts';
import { everyOne, type Known, unknown } from './known.ts';
import { no, notKnown, unless, type Verdict, yes } from './verdict.ts';
import { type Watermarks, watermarksOf } from './watermarks.ts';

/** Bytes. */
export interface Disk {
  readonly total: number;
  readonly free: number;
  /**
   * What this node has of each copy, by its folder: others may use the same disk, where a volume is a folder of the
   * machine. Elasticsearch's own count of it is a right to all indices, which the agents' login does not have.
   */
  readonly data: ReadonlyMap<string, number>;
}

const FOLDER = '/usr/share/elasticsearch/data';
/** A file that goes while du counts makes it fail, after it has counted the others. */
export const MEASURE = [
  'bash',
  '-c',
  `df --block-size=1 --output=size,avail ${FOLDER} && ` +
    `{ du --block-size=1 --max-depth=3 ${FOLDER} 2>/dev/null || true; }`,
] as const;

/** A line of names, one of two numbers, then a number and a folder each; du ends with the folder that it was given. */
export const readDisk = (output: string): Disk => {
  const [, total, free, folders = ''] = /^.*\n\s*(\d+)\s+(\d+)\s*\n([^]*)$/.exec(output) ?? [];
  if (total === undefined || free === undefined || Number(total) === 0 || !folders.endsWith(`\t${FOLDER}\n`))
    throw new NotUnderstood(`df and du say: ${output.trim().slice(0, 200) || 'nothing'}`);
  const copies = folders.matchAll(/^(\d+)\t\S*\/indices\/([\w-]+\/\d+)$/gm);
  const data = new Map(Array.from(copies, ([, bytes, copy = '']) => [copy, Number(bytes)]));
  return { total: Number(total), free: Number(free), data };
};

export type Disks = ReadonlyMap<string, Known<Disk>>;

const gib = (bytes: number): string => `${Math.round((bytes / 2 ** 30) * 10) / 10} GiB`;
const percent = ({ total, free }: Disk): string => `${Math.round((1 - free / total) * 100)} %`;

const wholeOf = (disks: Disks): Known<ReadonlyMap<string, Disk>> =>
  disks.size === 0 ? unknown('no pod of Elasticsearch runs') : everyOne(disks);

export const ROOM = 'every disk is below the low watermark';

export const roomVerdict = (disks: Disks, settings: Settings): Verdict => {
  const whole = wholeOf(disks);
  if (!whole.known) return notKnown(ROOM, whole.why);
  const found = whole.value;
  const marks = watermarksOf(settings);
  if (!marks.heeded) return no(ROOM, 'Elasticsearch heeds no watermark: disk.threshold_enabled is false');
  const above = [...found].flatMap(([pod, disk]) => {
    const name = disk.free <= marks.flood(disk.total) ? 'last' : disk.free <= marks.low(disk.total) ? 'low' : undefined;
    return name === undefined ? [] : [`${pod} is ${percent(disk)} full, above the ${name} one`];
  });
  return unless(ROOM, above, [...found].map(([pod, disk]) => `${pod} ${percent(disk)}`).join(', '));
};

export const HEADROOM = 'the disks would hold what a lost node had';

/** Where copies of a lost node's may go: with forced awareness only within its zone, and nowhere else. */
const heirsOf = (
  lost: string,
  disks: ReadonlyMap<string, Disk>,
  { members }: State,
  settings: Settings,
): readonly { readonly pod: string; readonly disk: Disk }[] => {
  const forced = settings.defaults.get('cluster.routing.allocation.awareness.force.zone.values') ?? '';
  const zoneOf = new Map(members.map(({ name, zone }) => [name, zone]));
  return [...disks]
    .filter(([pod]) => pod !== lost && (forced === '' || zoneOf.get(pod) === zoneOf.get(lost)))
    .map(([pod, disk]) => ({ pod, disk }));
};

/** One that is just being made may have no folder yet. */
const bytesOf = (copy: Copy, pod: string, { data }: Disk): number => {
  const bytes = data.get(copy.folder);
  if (bytes === undefined && isServing(copy)) throw new NotUnderstood(`${pod} has no folder of ${copy.shard}`);
  return bytes ?? 0;
};

const spare = (disk: Disk, { low }: Watermarks): number => Math.max(0, disk.free - low(disk.total));

export const headroomVerdict = (disks: Disks, settings: Settings, state: State): Verdict => {
  const whole = wholeOf(disks);
  if (!whole.known) return notKnown(HEADROOM, whole.why);
  const found = whole.value;
  if (found.size === 1) return yes(HEADROOM, 'one node has no other to leave its data to');
  const marks = watermarksOf(settings);
  const shards = byShard(state.copies);
  // A node takes no second copy of a shard.
  const has = (pod: string, shard: string): boolean => (shards.get(shard) ?? []).some(({ node }) => node === pod);
  const short = [...found].flatMap(([pod, disk]) => {
    const heirs = heirsOf(pod, found, state, settings);
    // Where each has a copy already, or nobody is in the zone, the copy waits for its node, and needs no room.
    const moves = state.copies.filter(({ node, shard }) => node === pod && heirs.some((heir) => !has(heir.pod, shard)));
    const bytes = moves.reduce((sum, copy) => sum + bytesOf(copy, pod, disk), 0);
    const room = heirs.reduce((sum, heir) => sum + spare(heir.disk, marks), 0);
    return bytes <= room ? [] : [`${pod} has ${gib(bytes)}, the others take ${gib(room)} below the low watermark`];
  });
  return unless(HEADROOM, short, `whichever of ${found.size} nodes it is`);
};
