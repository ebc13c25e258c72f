// Is the cluster whole: its status, its members, their versions, and where the copies are?

import { byShard, type Health, isServing, type State } from './answers.ts';
import { few, no, unless, type Verdict, yes } from './verdict.ts';

export const GREEN = 'the cluster is green';

export const greenVerdict = (
  { status, nodes, unassigned, initializing, relocating }: Health,
  wanted: number,
): Verdict => {
  const moving = relocating === 0 ? '' : `, ${relocating} copies move`;
  if (status !== 'green')
    return no(GREEN, `it is ${status}: ${unassigned} copies are on no node, ${initializing} are being made${moving}`);
  return nodes === wanted
    ? yes(GREEN, `${nodes} nodes${moving}`)
    : no(GREEN, `it is, but it has ${nodes} nodes, and the StatefulSet wants ${wanted}${moving}`);
};

export const VERSIONS = 'all nodes run one version of Elasticsearch';

export const versionsVerdict = ({ members }: State): Verdict => {
  const versions = [...new Set(members.map(({ version }) => version))].sort();
  const [only = 'none'] = versions;
  const each = members.map(({ name, version }) => `${name} ${version}`);
  return versions.length === 1 ? yes(VERSIONS, only) : no(VERSIONS, each.join(', '));
};

export const ZONES = 'the loss of a zone leaves a copy of each shard';

/** Counts what serves now: a copy that is being made protects nothing yet. One that moves is still where it was. */
export const zonesVerdict = ({ members, copies }: State): Verdict => {
  const zoneOf = new Map(members.map(({ name, zone }) => [name, zone]));
  const without = members.filter(({ zone }) => zone === undefined).map(({ name }) => name);
  if (without.length > 0) return no(ZONES, `${without.join(', ')} knows no zone of its own`);
  const shards = byShard(copies);
  const inOneZone = [...shards].flatMap(([shard, all]) => {
    const zones = new Set(all.filter(isServing).map(({ node }) => zoneOf.get(node ?? '')));
    return zones.size > 1 ? [] : [shard];
  });
  const zones = new Set(zoneOf.values()).size;
  return unless(
    ZONES,
    inOneZone.length === 0 ? [] : [`all that serves of ${few(inOneZone)} is in one zone`],
    `${shards.size} shards in ${zones} zones`,
  );
};
