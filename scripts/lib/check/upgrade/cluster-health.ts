// Is the cluster whole, in one version, and has it room for the time in which a node is away?
import { entriesOf, fieldOf, listOf, NotUnderstood, numberOf, textOf } from '../../shape.ts';
import { no, type Said, unknown, yes } from './line.ts';

export const healthPath = '/_cluster/health?master_timeout=10s';
export const nodesPath = '/_nodes/_all/_none?filter_path=nodes.*.name,nodes.*.version';
export const disksPath = '/_nodes/stats/fs?filter_path=nodes.*.name,nodes.*.fs.total';
export const shardsPath = '/_cat/shards?format=json&bytes=b&h=index,shard,state,store,node';

export const healthSaid = (answer: unknown, wanted: number): Said => {
  if (fieldOf(answer, 'timed_out') !== false) return unknown('the question timed out');
  const status = textOf(answer, 'status');
  const moving = numberOf(answer, 'relocating_shards') + numberOf(answer, 'initializing_shards');
  const nodes = numberOf(answer, 'number_of_nodes');
  if (status !== 'green') return no(`it is ${status}, ${numberOf(answer, 'unassigned_shards')} copies are on no node`);
  if (moving > 0) return no(`${moving} copies of shards move or recover`);
  return nodes === wanted ? yes(`green with ${nodes} nodes`) : no(`${nodes} of ${wanted} nodes are members`);
};

export const versionsIn = (answer: unknown): readonly string[] => {
  const nodes = entriesOf(fieldOf(answer, 'nodes'), 'nodes');
  if (nodes.length === 0) throw new NotUnderstood('nodes');
  return nodes.map(([, node]) => textOf(node, 'version'));
};

export const oneVersionSaid = (answer: unknown): Said => {
  const versions = [...new Set(versionsIn(answer))].sort();
  return versions.length === 1
    ? yes(versions.join())
    : no(`${versions.join(' and ')} run side by side: let the upgrade that goes on come to its end`);
};

interface Disk {
  readonly total: number;
  readonly used: number;
}

/** By the name of the node. */
const disksIn = (answer: unknown): ReadonlyMap<string, Disk> =>
  new Map(
    entriesOf(fieldOf(answer, 'nodes'), 'nodes').map(([, node]) => {
      const fs = fieldOf(fieldOf(node, 'fs'), 'total');
      const total = numberOf(fs, 'total_in_bytes');
      return [textOf(node, 'name'), { total, used: total - numberOf(fs, 'available_in_bytes') }];
    }),
  );

interface Copy {
  readonly shard: string;
  readonly node: string;
  readonly bytes: number;
}

const copiesIn = (answer: unknown): readonly Copy[] =>
  listOf(answer, 'the list of shards').map((copy) => {
    const bytes = Number(textOf(copy, 'store'));
    if (!Number.isFinite(bytes)) throw new NotUnderstood('store');
    return { shard: `${textOf(copy, 'index')}/${textOf(copy, 'shard')}`, node: textOf(copy, 'node'), bytes };
  });

const lowKey = 'cluster.routing.allocation.disk.watermark.low';

/** The part of a disk up to which Elasticsearch puts copies on it; 85 % where nobody says another. */
const lowWatermark = (settings: unknown): number => {
  const said = ['transient', 'persistent']
    .map((kind) => entriesOf(fieldOf(settings, kind), kind).find(([key]) => key === lowKey)?.[1])
    .find((value) => value !== undefined);
  if (said === undefined) return 0.85;
  const percent = /^(\d+(?:\.\d+)?)%$/.exec(String(said))?.[1];
  if (percent === undefined) throw new NotUnderstood(lowKey);
  return Number(percent) / 100;
};

const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`;

/**
 * Could the others take what a node holds, if it does not come back? Only copies that fit on another node count: of a
 * shard with a copy on each node nothing is made anew.
 */
export const roomSaid = (disks: unknown, shards: unknown, settings: unknown): Said => {
  const low = lowWatermark(settings);
  const nodes = disksIn(disks);
  const copies = copiesIn(shards);
  if (nodes.size === 0) throw new NotUnderstood('nodes');
  const holders = new Map<string, number>();
  for (const { shard } of copies) holders.set(shard, (holders.get(shard) ?? 0) + 1);
  const full = [...nodes].filter(([, { total, used }]) => used > low * total).map(([name]) => name);
  if (full.length > 0) return no(`${full.join(', ')}: more than ${low * 100} % of the disk is used`);
  if (nodes.size === 1) return yes('there is a single node, whose data nobody else takes');
  for (const name of nodes.keys()) {
    const moves = copies
      .filter(({ node, shard }) => node === name && (holders.get(shard) ?? 0) < nodes.size)
      .reduce((sum, { bytes }) => sum + bytes, 0);
    const room = [...nodes]
      .filter(([other]) => other !== name)
      .reduce((sum, [, { total, used }]) => sum + Math.max(0, low * total - used), 0);
    if (moves > room)
      return no(
        `without ${name} the others would have to take ${gigabytes(moves)}, and have room for ${gigabytes(room)}`,
      );
  }
  return yes(`below ${low * 100} % on every node, also while one is away`);
};
