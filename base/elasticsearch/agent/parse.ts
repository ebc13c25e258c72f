// Elasticsearch's answers, taken apart. What is asked stands beside what is read, since filter_path decides both. A
// field that is missing or of another kind makes the whole answer "not-understood": no half of it is used.
//
// What a real 9.5.3 says: filter_path leaves an empty object out ("routing_table" of a cluster without indices), but
// keeps an empty list; GET /_cluster/state and /_cluster/settings are answered by the node that was asked from what it
// has applied, with 200 and "master_node": null where no master is elected; a shard that moves has one entry,
// RELOCATING with the primary's flag, and its target has none; a copy on no node has "node": null.

import { type Answer, bad, good } from '../../lib/answer.ts';
import { count, entries, field, flag, type JsonObject, list, Misshapen, must, object, text } from '../../lib/json.ts';
import type { Member, Picture, Settings, VotingExclusion } from './picture.ts';
import type { Health, MasterLook } from './ports.ts';
import { readCopies, readIndices } from './routing.ts';

/** The own id and name: no other node is asked. It does not tell the ephemeral id, which the cluster's state does. */
export const SELF_QUESTION = '/_nodes/_local/_none?filter_path=nodes.*.name';
export const NODES_QUESTION = '/_cluster/state/nodes?filter_path=cluster_uuid,nodes.*.name,nodes.*.ephemeral_id';
export const MASTER_QUESTION = '/_cluster/state/master_node?filter_path=cluster_uuid,master_node';
/** The only part of the state that is also told while there is none; every other is a 503 then. */
export const BLOCKS_QUESTION = '/_cluster/state/blocks?filter_path=cluster_uuid,blocks.global';
export const SETTINGS_QUESTION = '/_cluster/settings?flat_settings=true';

const SHARD = 'routing_table.indices.*.shards.*';
/** The indices' own list makes sure that a shard is not missing because its index is. */
export const STATE_QUESTION = `/_cluster/state/master_node,nodes,metadata,routing_table?filter_path=${[
  'cluster_uuid',
  'master_node',
  'nodes.*.name',
  'nodes.*.ephemeral_id',
  'nodes.*.version',
  'metadata.cluster_coordination.last_committed_config',
  'metadata.cluster_coordination.voting_config_exclusions',
  'metadata.indices.*.state',
  `${SHARD}.state`,
  `${SHARD}.primary`,
  `${SHARD}.node`,
].join(',')}`;

export const EXCLUDE_NAME = 'cluster.routing.allocation.exclude._name';
/** What agents note for each other: settings without a meaning for Elasticsearch, which it keeps for its users. */
export const NOTES = 'cluster.metadata.delivery-reviews.';

/** What the answers must agree with. */
export interface Expected {
  readonly podName: string;
  /** The cluster that is known to have formed; undefined before. */
  readonly clusterUuid?: string | undefined;
}

/** Runs a reader; what it does not understand becomes an answer. Anything else that it throws is a mistake of ours. */
const understood = <Value>(read: () => Answer<Value>): Answer<Value> => {
  try {
    return read();
  } catch (error) {
    if (error instanceof Misshapen) return bad('not-understood', error.message);
    throw error;
  }
};

/** `self` answers SELF_QUESTION, `nodes` NODES_QUESTION. */
export const parseSelf = (self: unknown, nodes: unknown, expected: Expected): Answer<Member> =>
  understood(() => {
    const state = object(nodes, 'the answer');
    readClusterUuid(state, expected);
    return good(readMe(self, readMembers(state), expected));
  });

export const parseMaster = (answer: unknown): Answer<MasterLook> =>
  understood(() => {
    const top = object(answer, 'the answer');
    const master = readMaster(top);
    // Whichever cluster it is: the marker that says which one is known is held against this.
    return master.ok ? good({ id: master.value, clusterUuid: readClusterUuid(top, {}) }) : master;
  });

/** GatewayService.STATE_NOT_RECOVERED_BLOCK, "state not recovered / initialized". */
const NOT_RECOVERED = '1';

/** Of BLOCKS_QUESTION. `blocks` is left out where there are none. */
export const parseRecovered = (answer: unknown): Answer<boolean> =>
  understood(() => {
    const top = object(answer, 'the answer');
    text(field(top, 'cluster_uuid'), 'cluster_uuid');
    const blocks = field(top, 'blocks');
    if (blocks === undefined) return good(true);
    const global = object(field(object(blocks, 'blocks'), 'global'), 'blocks.global');
    return good(field(global, NOT_RECOVERED) === undefined);
  });

/** `self` answers SELF_QUESTION, `settings` SETTINGS_QUESTION, `state` STATE_QUESTION. */
export const parsePicture = (self: unknown, settings: unknown, state: unknown, expected: Expected): Answer<Picture> =>
  understood(() => {
    const top = object(state, 'the answer');
    const master = readMaster(top);
    if (!master.ok) return master;
    const clusterUuid = readClusterUuid(top, expected);
    const members = readMembers(top);
    must(members.has(master.value), () => `the master ${master.value} is no member`);
    const metadata = object(field(top, 'metadata'), 'metadata');
    const coordination = object(field(metadata, 'cluster_coordination'), 'metadata.cluster_coordination');
    return good({
      clusterUuid,
      me: readMe(self, members, expected),
      members,
      master: master.value,
      voters: readVoters(coordination),
      votesGivenUp: readExclusions(coordination),
      copies: readCopies(field(top, 'routing_table'), readIndices(metadata), members),
      settings: readSettings(settings),
    });
  });

/** Of GET /_cluster/health. */
export const parseHealth = (answer: unknown): Answer<Health> =>
  understood(() => {
    const health = object(answer, 'the answer');
    if (flag(field(health, 'timed_out'), 'timed_out')) return bad('busy', 'the health timed out');
    const status = text(field(health, 'status'), 'status');
    if (status !== 'green' && status !== 'yellow' && status !== 'red') throw new Misshapen(`status is ${status}`);
    const of = (key: string): number => count(field(health, key), key);
    return good({
      status,
      relocating: of('relocating_shards'),
      initializing: of('initializing_shards'),
      unassigned: of('unassigned_shards'),
      delayedUnassigned: of('delayed_unassigned_shards'),
      inFlightFetch: of('number_of_in_flight_fetch'),
    });
  });

function readClusterUuid(state: JsonObject, expected: Pick<Expected, 'clusterUuid'>): string {
  const uuid = text(field(state, 'cluster_uuid'), 'cluster_uuid');
  must(uuid !== '_na_', () => 'this node belongs to no cluster yet');
  const known = expected.clusterUuid;
  must(known === undefined || known === uuid, () => `this node belongs to cluster ${uuid}, not to ${known}`);
  return uuid;
}

function readMaster(state: JsonObject): Answer<string> {
  const master = field(state, 'master_node');
  if (master === null) return bad('no-master', 'no master is elected');
  return good(text(master, 'master_node'));
}

function readMembers(state: JsonObject): ReadonlyMap<string, Member> {
  const members = new Map<string, Member>();
  for (const [id, node] of entries(field(state, 'nodes'), 'nodes')) {
    const at = `nodes.${id}`;
    const { name, ephemeral_id, version } = object(node, at);
    members.set(id, {
      id,
      name: text(name, `${at}.name`),
      ephemeralId: text(ephemeral_id, `${at}.ephemeral_id`),
      // It shortens a wait, and decides nothing else.
      ...(version === undefined ? {} : { version: text(version, `${at}.version`) }),
    });
  }
  return members;
}

function readMe(self: unknown, members: ReadonlyMap<string, Member>, { podName }: Expected): Member {
  const nodes = entries(field(object(self, 'the node itself'), 'nodes'), 'nodes');
  const [id, node] = nodes[0] ?? ['', undefined];
  must(nodes.length === 1, () => `${nodes.length} nodes call themselves the local one`);
  const name = text(field(object(node, `nodes.${id}`), 'name'), `nodes.${id}.name`);
  must(name === podName, () => `the node that answers is called ${name}, not ${podName}`);
  const me = members.get(id);
  if (me === undefined || me.name !== name)
    throw new Misshapen(`${podName} (${id}) is no member of what it tells about`);
  return me;
}

function readVoters(coordination: JsonObject): readonly string[] {
  const at = 'metadata.cluster_coordination.last_committed_config';
  const voters = list(field(coordination, 'last_committed_config'), at).map((id, i) => text(id, `${at}[${i}]`));
  must(voters.length > 0, () => `${at} is empty`);
  return voters;
}

function readExclusions(coordination: JsonObject): readonly VotingExclusion[] {
  const at = 'metadata.cluster_coordination.voting_config_exclusions';
  return list(field(coordination, 'voting_config_exclusions'), at).map((entry, i) => {
    const { node_id, node_name } = object(entry, `${at}[${i}]`);
    return { id: text(node_id, `${at}[${i}].node_id`), name: text(node_name, `${at}[${i}].node_name`) };
  });
}

/** A list setting as flat settings have it: one text with commas, or a list. */
function names(value: unknown, at: string): readonly string[] | undefined {
  if (value === undefined) return undefined;
  const parts =
    typeof value === 'string' ? value.split(',') : list(value, at).map((part, i) => text(part, `${at}[${i}]`));
  return parts.map((part) => part.trim()).filter((part) => part !== '');
}

function readSettings(answer: unknown): Settings {
  const top = object(answer, 'the settings');
  const persistent = object(field(top, 'persistent'), 'persistent');
  const transient = object(field(top, 'transient'), 'transient');
  const notes = new Map<string, string>();
  for (const [key, value] of Object.entries(persistent))
    if (key.startsWith(NOTES)) notes.set(key.slice(NOTES.length), text(value, key));
  return {
    excluded: names(field(persistent, EXCLUDE_NAME), EXCLUDE_NAME) ?? [],
    excludedForNow: names(field(transient, EXCLUDE_NAME), EXCLUDE_NAME),
    notes,
  };
}
