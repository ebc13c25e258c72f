// Is there room on the disks, and would there still be if a node were lost?

import { NotUnderstood } from '../shape.ts';
import { type Copy, isServing, type Settings, type State } from './answers.ts';
import type { Known } from './known.ts';
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

/** All of them, or why one is missing: a sum without it would be too small. */
const whole = (about: string, disks: Disks): ReadonlyMap<string, Disk> | Verdict => {
  const found = new Map<string, Disk>();
  const missing: string[] = [];
  for (const [pod, disk] of disks)
    if (disk.known) found.set(pod, disk.value);
    else missing.push(`${pod}: ${disk.why}`);
  if (missing.length > 0) return notKnown(about, missing.join('; '));
  return found.size === 0 ? notKnown(about, 'no pod of Elasticsearch runs') : found;
};

const isVerdict = (value: ReadonlyMap<string, Disk> | Verdict): value is Verdict => 'says' in value;

export const ROOM = 'every disk is below the low watermark';

export const roomVerdict = (disks: Disks, settings: Settings): Verdict => {
  const found = whole(ROOM, disks);
  if (isVerdict(found)) return found;
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

/** By the shards: the nodes that have a copy, each of which takes no second one. */
const holdersIn = (copies: readonly Copy[]): ReadonlyMap<string, ReadonlySet<string>> => {
  const holders = new Map<string, Set<string>>();
  for (const { shard, node } of copies) {
    if (node === undefined) continue;
    const of = holders.get(shard);
    if (of === undefined) holders.set(shard, new Set([node]));
    else of.add(node);
  }
  return holders;
};

/** One that is just being made may have no folder yet. */
const bytesOf = (copy: Copy, pod: string, { data }: Disk): number => {
  const bytes = data.get(copy.folder);
  if (bytes === undefined && isServing(copy)) throw new NotUnderstood(`${pod} has no folder of ${copy.shard}`);
  return bytes ?? 0;
};

const spare = (disk: Disk, { low }: Watermarks): number => Math.max(0, disk.free - low(disk.total));

export const headroomVerdict = (disks: Disks, settings: Settings, state: State): Verdict => {
  const found = whole(HEADROOM, disks);
  if (isVerdict(found)) return found;
  if (found.size === 1) return yes(HEADROOM, 'one node has no other to leave its data to');
  const marks = watermarksOf(settings);
  const holders = holdersIn(state.copies);
  const short = [...found].flatMap(([pod, disk]) => {
    const heirs = heirsOf(pod, found, state, settings);
    // Where each has a copy already, or nobody is in the zone, the copy waits for its node, and needs no room.
    const moves = state.copies.filter(
      ({ node, shard }) => node === pod && heirs.some((heir) => holders.get(shard)?.has(heir.pod) !== true),
    );
    const bytes = moves.reduce((sum, copy) => sum + bytesOf(copy, pod, disk), 0);
    const room = heirs.reduce((sum, heir) => sum + spare(heir.disk, marks), 0);
    return bytes <= room ? [] : [`${pod} has ${gib(bytes)}, the others take ${gib(room)} below the low watermark`];
  });
  return unless(HEADROOM, short, `whichever of ${found.size} nodes it is`);
};
