// What somebody has set for an hour and forgotten: it does nothing while all is well, and keeps the cluster from
// healing at the next failure.

import { effective, type Settings, type State } from './answers.ts';
import { few, unless, type Verdict } from './verdict.ts';

export const FILTERS = 'no node is kept free of copies';
const FILTER = /^cluster\.routing\.allocation\.(?:exclude|include|require)\./;

/** A node that leaves for good is excluded by its agent until it has left; one whose disk is replaced, by a command. */
export const filtersVerdict = ({ persistent, transient }: Settings): Verdict => {
  const found = [...persistent, ...transient].filter(([name, value]) => FILTER.test(name) && value !== '');
  const hint =
    ' (of a node that leaves its agent takes this away, and `make replace-node` its own; else: null for the setting)';
  return unless(
    FILTERS,
    found.map(([name, value]) => `${name} is "${value}"${hint}`),
    'no filter is set',
  );
};

export const ALLOCATION = 'copies may be made and moved';

export const allocationVerdict = (settings: Settings): Verdict => {
  const names = ['cluster.routing.allocation.enable', 'cluster.routing.rebalance.enable'];
  const against = names.flatMap((name) => {
    const value = effective(settings, name);
    return value === 'all' ? [] : [`${name} is "${value}"`];
  });
  return unless(ALLOCATION, against, 'allocation and rebalancing are on');
};

/** What the agents and `make replace-node` note in the cluster while they work. */
const NOTES = 'cluster.metadata.delivery-reviews.';
export const REPLACING = `${NOTES}replacing`;

export const UNDER_WAY = 'no node is being stopped, or given another disk';

export const underWayVerdict = ({ persistent, transient }: Settings): Verdict =>
  unless(
    UNDER_WAY,
    [...persistent, ...transient].flatMap(([name, value]) => {
      if (!name.startsWith(NOTES)) return [];
      if (name !== REPLACING) return [`${name.slice(NOTES.length)}: ${value}`];
      const node = value.split(' ', 1)[0] ?? '';
      return [
        `the disk of ${node} is being replaced (where nobody is at it: \`make replace-node NODE=${node}\` again)`,
      ];
    }),
    'nothing is noted',
  );

export const ARCHIVED = 'every setting of the cluster is known to this version';

/** https://www.elastic.co/docs/deploy-manage/upgrade/deployment-or-cluster/archived-settings */
export const archivedVerdict = ({ persistent, transient }: Settings): Verdict => {
  const found = [...persistent.keys(), ...transient.keys()].filter((name) => name.startsWith('archived.'));
  return unless(
    ARCHIVED,
    found.length === 0 ? [] : [`${found.join(', ')} (null for each takes it away)`],
    'none is kept',
  );
};

export const VOTES = 'no vote is excluded';

export const votesVerdict = ({ excludedVotes }: State): Verdict =>
  unless(
    VOTES,
    excludedVotes.length === 0
      ? []
      : [
          `of ${excludedVotes.join(', ')} (the agents clear them when the nodes are back; else: ` +
            'DELETE _cluster/voting_config_exclusions?wait_for_removal=false)',
        ],
    'every node may vote',
  );

export const WRITES = 'nothing is closed to writes';

export const writesVerdict = ({ blocks, closedByDisk }: State): Verdict =>
  unless(
    WRITES,
    [...blocks, ...(closedByDisk.length === 0 ? [] : [`a full disk has closed ${few(closedByDisk)}`])],
    'no block of the cluster, and none of a full disk',
  );
