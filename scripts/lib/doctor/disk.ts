// Is there room on the disks, and would there still be if a node were lost?

import type { Settings, State } from './answers.ts';
import { type Known, NotUnderstood } from './known.ts';
import { no, notKnown, unless, type Verdict, yes } from './verdict.ts';
import { type Watermarks, watermarksOf } from './watermarks.ts';

/** Bytes. */
export interface Disk {
  readonly total: number;
  readonly free: number;
  /** What this node has on it: others may use the same disk, where a volume is a folder of the machine. */
  readonly data: number;
}

const FOLDER = '/usr/share/elasticsearch/data';
/** A file that goes while du counts makes it fail, after it has counted the others. */
export const MEASURE = [
  'bash',
  '-c',
  `df --block-size=1 --output=size,avail ${FOLDER} && { du --summarize --block-size=1 ${FOLDER} 2>/dev/null || true; }`,
] as const;

/** A line of names, one of two numbers, and one of a number and the folder. */
export const readDisk = (output: string): Disk => {
  const [, total, free, data] = /^.*\n\s*(\d+)\s+(\d+)\s*\n(\d+)\s+\S+\s*$/.exec(output) ?? [];
  if (total === undefined || free === undefined || data === undefined || Number(total) === 0)
    throw new NotUnderstood(`df and du say: ${output.trim() || 'nothing'}`);
  return { total: Number(total), free: Number(free), data: Number(data) };
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
): readonly Disk[] => {
  const forced = settings.defaults.get('cluster.routing.allocation.awareness.force.zone.values') ?? '';
  const zoneOf = new Map(members.map(({ name, zone }) => [name, zone]));
  return [...disks].flatMap(([pod, disk]) =>
    pod !== lost && (forced === '' || zoneOf.get(pod) === zoneOf.get(lost)) ? [disk] : [],
  );
};

const spare = (disk: Disk, { low }: Watermarks): number => Math.max(0, disk.free - low(disk.total));

export const headroomVerdict = (disks: Disks, settings: Settings, state: State): Verdict => {
  const found = whole(HEADROOM, disks);
  if (isVerdict(found)) return found;
  if (found.size === 1) return yes(HEADROOM, 'one node has no other to leave its data to');
  const marks = watermarksOf(settings);
  const short = [...found].flatMap(([pod, disk]) => {
    const heirs = heirsOf(pod, found, state, settings);
    // Nobody in the zone: the copies wait for the node, and need no room.
    if (heirs.length === 0) return [];
    const room = heirs.reduce((sum, heir) => sum + spare(heir, marks), 0);
    return disk.data <= room
      ? []
      : [`${pod} has ${gib(disk.data)}, the others take ${gib(room)} below the low watermark`];
  });
  return unless(HEADROOM, short, `whichever of ${found.size} nodes it is`);
};
