// How many nodes, disks and shards so many reviews need. Arithmetic only; where its numbers come from is said beside
// each, and docs/capacity.md goes through an example.

export interface Wishes {
  readonly reviewsADay: number;
  /** On the disk of one copy. */
  readonly bytesAReview: number;
  /** From its making to the deletion of the month that it is in. */
  readonly daysKept: number;
  readonly copies: number;
  readonly zones: number;
  /** Of one node, in bytes. */
  readonly memory: number;
  readonly disk: number;
}

export interface Plan {
  /** Of one copy, in bytes. */
  readonly monthBytes: number;
  readonly keptBytes: number;
  readonly months: number;
  /** Primaries of a month; their copies come on top. */
  readonly shardsAMonth: number;
  readonly shards: number;
  readonly nodes: number;
  readonly shardsANode: number;
  /** What the disk of a node must have, also with a zone lost, or with a node lost where a zone has more. */
  readonly diskNeeded: number;
  readonly heap: number;
  /** How many of the newest months fit into the memory that is left for the cache of files, on each node. */
  readonly monthsInCache: number;
  /** What it does not survive, or is not kept to. */
  readonly warnings: readonly string[];
}

const DAYS_A_MONTH = 365.25 / 12;
/** https://www.elastic.co/docs/deploy-manage/production-guidance/optimize-performance/size-shards */
const SHARD_BYTES = 50e9;
/** cluster.max_shards_per_node, as it comes. */
const SHARDS_A_NODE = 1000;
/** cluster.routing.allocation.disk.watermark.low, as it comes: above it a node gets no more copies. */
const LOW_WATERMARK = 0.85;
/** As the function works it out: half of the memory, and never so much that pointers get longer. */
const HEAP_PART = 0.5;
const MOST_HEAP = 26 * 2 ** 30;
/** More nodes in a zone than anybody plans with one number. */
const MOST_A_ZONE = 100;

/** Copies of everything that one zone may have to hold: those of a lost zone, too, where they fit elsewhere. */
const zoneHolds = ({ copies, zones }: Wishes): number => (zones === 1 ? copies : Math.min(1, copies / (zones - 1)));

/** With so many nodes in each zone. Merging a month writes its largest shard again before the first goes. */
const diskWith = (wishes: Wishes, aZone: number, keptBytes: number, largestShard: number): number => {
  const nodesLeft = wishes.zones === 1 ? Math.max(wishes.copies, aZone - 1) : Math.max(1, aZone - 1);
  return ((zoneHolds(wishes) * keptBytes) / nodesLeft + largestShard) / LOW_WATERMARK;
};

export const planOf = (wishes: Wishes): Plan => {
  const { reviewsADay, bytesAReview, daysKept, copies, zones, memory, disk } = wishes;
  const monthBytes = reviewsADay * bytesAReview * DAYS_A_MONTH;
  const keptBytes = reviewsADay * bytesAReview * daysKept;
  const months = Math.ceil(daysKept / DAYS_A_MONTH) + 1;
  const shardsAMonth = Math.max(1, Math.ceil(monthBytes / SHARD_BYTES));
  const shards = months * shardsAMonth * copies;
  const needed = (aZone: number): number => diskWith(wishes, aZone, keptBytes, monthBytes / shardsAMonth);
  // A copy each, and a majority that is left when the fullest zone is lost.
  const least = Math.ceil(Math.max(copies, zones >= 3 ? zones : 3) / zones);
  let aZone = least;
  while (aZone < MOST_A_ZONE && (needed(aZone) > disk || shards / (aZone * zones) > SHARDS_A_NODE)) aZone += 1;
  const nodes = aZone * zones;
  const heap = Math.min(memory * HEAP_PART, MOST_HEAP);
  const monthANode = (monthBytes * copies) / nodes;
  const warnings = [
    ...(zones < 3 ? [`${zones === 1 ? 'one zone' : 'two zones'}: the loss of one ends the cluster`] : []),
    ...(copies < 2 ? ['one copy: the loss of a disk loses reviews'] : []),
    ...(copies > zones && zones > 1 ? [`${copies} copies in ${zones} zones: some share a zone`] : []),
    ...(nodes % 2 === 0 ? [`${nodes} nodes: an even number loses its majority with half of them`] : []),
    ...(needed(aZone) > disk ? [`no number of nodes up to ${nodes} is enough with such disks`] : []),
  ];
  return {
    monthBytes,
    keptBytes,
    months,
    shardsAMonth,
    shards,
    nodes,
    shardsANode: Math.ceil(shards / nodes),
    diskNeeded: needed(aZone),
    heap,
    monthsInCache: Math.max(0, Math.floor((memory - heap) / monthANode)),
    warnings,
  };
};
