// What Elasticsearch says of the cluster, taken apart: the questions stand beside what is read of their answers.

import { count, entriesOf, fields, list, NotUnderstood, text } from '../shape.ts';
import { from, type Known, unknown } from './known.ts';

export interface Health {
  readonly status: string;
  readonly nodes: number;
  readonly unassigned: number;
  readonly initializing: number;
  readonly relocating: number;
}

/** Flat names to values; a list as one text with commas, as Elasticsearch takes it. */
type FlatSettings = ReadonlyMap<string, string>;

export interface Settings {
  readonly persistent: FlatSettings;
  readonly transient: FlatSettings;
  /** Of the node that was asked: what its files say, or else Elasticsearch's own default. */
  readonly defaults: FlatSettings;
}

interface Member {
  readonly name: string;
  readonly zone: string | undefined;
  readonly version: string;
}

export interface Copy {
  /** INDEX/NUMBER */
  readonly shard: string;
  /** Of a copy, below the folder of indices: UUID/NUMBER */
  readonly folder: string;
  readonly state: string;
  /** The name of its node; undefined while it is unassigned. */
  readonly node: string | undefined;
}

export interface State {
  readonly members: readonly Member[];
  /** Names of nodes, or ids where only those are known. */
  readonly excludedVotes: readonly string[];
  readonly copies: readonly Copy[];
  /** Descriptions of what the whole cluster refuses. */
  readonly blocks: readonly string[];
  /** Indices that take no writes since a disk was full. */
  readonly closedByDisk: readonly string[];
}

const stateQuestion = `/_cluster/state/master_node,nodes,metadata,routing_table,blocks?master_timeout=3s&filter_path=${[
  'master_node',
  'nodes.*.name',
  'nodes.*.version',
  'nodes.*.attributes.zone',
  'metadata.cluster_coordination.voting_config_exclusions',
  'metadata.indices.*.settings.index.uuid',
  'blocks',
  'routing_table.indices.*.shards.*.state',
  'routing_table.indices.*.shards.*.node',
].join(',')}`;

export const QUESTIONS = [
  '/_cluster/health?master_timeout=3s',
  '/_cluster/settings?include_defaults=true&flat_settings=true&master_timeout=3s',
  stateQuestion,
] as const;

/** IndexMetadata.INDEX_READ_ONLY_ALLOW_DELETE_BLOCK: set by Elasticsearch above the last watermark. */
const DISK_BLOCK = '12';

export const readHealth = (answer: unknown): Health => {
  const health = fields(answer, 'health');
  const of = (name: string): number => count(health[name], name);
  return {
    status: text(health['status'], 'status'),
    nodes: of('number_of_nodes'),
    unassigned: of('unassigned_shards'),
    initializing: of('initializing_shards'),
    relocating: of('relocating_shards'),
  };
};

/** A default that is none is null there. */
const flat = (value: unknown, at: string): FlatSettings =>
  new Map(
    Object.entries(fields(value, at)).flatMap(([name, one]): [string, string][] => {
      if (one === null) return [];
      return [[name, Array.isArray(one) ? one.map((part) => text(part, name)).join(',') : text(one, name)]];
    }),
  );

export const readSettings = (answer: unknown): Settings => {
  const top = fields(answer, 'settings');
  return {
    persistent: flat(top['persistent'], 'persistent'),
    transient: flat(top['transient'], 'transient'),
    defaults: flat(top['defaults'], 'defaults'),
  };
};

/** What holds now, wherever it stands. */
export const effective = ({ transient, persistent, defaults }: Settings, name: string): string => {
  const value = transient.get(name) ?? persistent.get(name) ?? defaults.get(name);
  if (value === undefined) throw new NotUnderstood(`Elasticsearch knows no setting ${name}`);
  return value;
};

const membersOf = (value: unknown): ReadonlyMap<string, Member> =>
  new Map(
    Object.entries(fields(value, 'nodes')).map(([id, node]) => {
      const of = fields(node, `nodes.${id}`);
      const zone = entriesOf(of['attributes'], 'attributes').find(([name]) => name === 'zone')?.[1];
      return [
        id,
        {
          name: text(of['name'], 'name'),
          version: text(of['version'], 'version'),
          zone: zone === undefined ? undefined : text(zone, 'zone'),
        },
      ];
    }),
  );

const votesOf = (metadata: unknown): readonly string[] => {
  const coordination = fields(fields(metadata, 'metadata')['cluster_coordination'], 'cluster_coordination');
  return list(coordination['voting_config_exclusions'], 'voting_config_exclusions').map((one) => {
    const { node_name: name, node_id: id } = fields(one, 'exclusion');
    return name === '_absent_' ? text(id, 'node_id') : text(name, 'node_name');
  });
};

/** By the names of indices. */
const uuidsOf = (metadata: unknown): ReadonlyMap<string, string> =>
  new Map(
    entriesOf(fields(metadata, 'metadata')['indices'], 'metadata.indices').map(([name, index]) => {
      const settings = fields(fields(index, name)['settings'], `settings of ${name}`);
      return [name, text(fields(settings['index'], `settings of ${name}`)['uuid'], `uuid of ${name}`)];
    }),
  );

const copiesOf = (top: Readonly<Record<string, unknown>>, members: ReadonlyMap<string, Member>): readonly Copy[] => {
  const table = top['routing_table'];
  const uuids = uuidsOf(top['metadata']);
  return entriesOf(table === undefined ? undefined : fields(table, 'routing_table')['indices'], 'indices').flatMap(
    ([index, shards]) =>
      entriesOf(fields(shards, index)['shards'], index).flatMap(([number, copies]) =>
        list(copies, index).map((value): Copy => {
          const { node, state } = fields(value, index);
          const id = node === null ? undefined : text(node, 'node');
          const member = id === undefined ? undefined : members.get(id);
          if (id !== undefined && member === undefined) throw new NotUnderstood(`no member ${id} has ${index}`);
          const folder = `${text(uuids.get(index), `uuid of ${index}`)}/${number}`;
          return { shard: `${index}/${number}`, folder, state: text(state, 'state'), node: member?.name };
        }),
      ),
  );
};

export const byShard = (copies: readonly Copy[]): ReadonlyMap<string, readonly Copy[]> => {
  const groups = new Map<string, Copy[]>();
  for (const copy of copies) {
    const group = groups.get(copy.shard);
    if (group === undefined) groups.set(copy.shard, [copy]);
    else group.push(copy);
  }
  return groups;
};

export const isServing = ({ state }: Copy): boolean => state === 'STARTED' || state === 'RELOCATING';

export const readState = (answer: unknown): State => {
  const top = fields(answer, 'state');
  if (top['master_node'] === null) throw new NotUnderstood('no master is elected');
  text(top['master_node'], 'master_node');
  const members = membersOf(top['nodes']);
  const blocks = top['blocks'] === undefined ? {} : fields(top['blocks'], 'blocks');
  return {
    members: [...members.values()].sort((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true })),
    excludedVotes: votesOf(top['metadata']),
    copies: copiesOf(top, members),
    blocks: entriesOf(blocks['global'], 'blocks.global').map(([id, block]) =>
      text(fields(block, `blocks.global.${id}`)['description'], 'description'),
    ),
    closedByDisk: entriesOf(blocks['indices'], 'blocks.indices').flatMap(([index, of]) =>
      Object.hasOwn(fields(of, index), DISK_BLOCK) ? [index] : [],
    ),
  };
};

export interface Cluster {
  readonly health: Known<Health>;
  readonly settings: Known<Settings>;
  readonly state: Known<State>;
}

/** Each answer by itself: one that is missing takes none of the others away. */
export const readCluster = async (
  answered: Known<{ readonly answers: readonly Known<unknown>[] }>,
): Promise<Cluster> => {
  const answer = async <Read>(index: number, read: (value: unknown) => Read): Promise<Known<Read>> => {
    const one = await from(answered, ({ answers }) => answers[index]);
    if (!one.known) return one;
    return one.value === undefined ? unknown('it was not asked for') : from(one.value, read);
  };
  return {
    health: await answer(0, readHealth),
    settings: await answer(1, readSettings),
    state: await answer(2, readState),
  };
};
