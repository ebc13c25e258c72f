// What earlier work has left in the cluster, and would keep shards or votes from where they belong in an upgrade.
import type { IStatefulSet } from 'kubernetes-models/apps/v1';
import { entriesOf, fieldOf, listOf, textOf } from '../../shape.ts';
import { no, type Said, unknown, yes } from './line.ts';

export const settingsPath = '/_cluster/settings?flat_settings=true&master_timeout=10s';
/** An empty list is kept by the filter; no list at all is not understood. */
export const exclusionsPath =
  '/_cluster/state/metadata?master_timeout=10s&filter_path=metadata.cluster_coordination.voting_config_exclusions';

const isAll = (value: unknown): boolean => value === 'all' || value === null;
const isEmpty = (value: unknown): boolean =>
  value === null || value === '' || (Array.isArray(value) && value.length === 0);

/** Why a setting is in the way; nothing where it is not. */
const inTheWay = (key: string, value: unknown): boolean =>
  /^cluster\.routing\.(?:allocation|rebalance)\.enable$/.test(key)
    ? !isAll(value)
    : /^cluster\.routing\.allocation\.(?:exclude|include|require)\./.test(key)
      ? !isEmpty(value)
      : key.startsWith('cluster.blocks.read_only')
        ? value !== 'false' && value !== false
        : // Of a node that stops, or leaves for good, or of a stop that nobody has ended.
          key.startsWith('archived.') || key.startsWith('cluster.metadata.delivery-reviews.');

export const settingsSaid = (answer: unknown): Said => {
  const found = ['persistent', 'transient'].flatMap((kind) =>
    entriesOf(fieldOf(answer, kind), kind).flatMap(([key, value]) =>
      inTheWay(key, value) ? [`${key}: ${typeof value === 'string' ? value : JSON.stringify(value)} (${kind})`] : [],
    ),
  );
  return found.length === 0 ? yes('none') : no(found.join('; '));
};

export const exclusionsSaid = (answer: unknown): Said => {
  const coordination = fieldOf(fieldOf(answer, 'metadata'), 'cluster_coordination');
  const names = listOf(fieldOf(coordination, 'voting_config_exclusions'), 'voting_config_exclusions').map((one) =>
    textOf(one, 'node_name'),
  );
  return names.length === 0
    ? yes('none')
    : no(`${names.join(', ')} have given up their votes: DELETE /_cluster/voting_config_exclusions gives them back`);
};

/** Whether a roll-out is over, and the next one would reach every pod. */
export const rolledOutSaid = (live: IStatefulSet | undefined): Said => {
  const { spec, status } = live ?? {};
  if (spec === undefined || status === undefined) return unknown('the cluster has no StatefulSet');
  const replicas = spec.replicas ?? 1;
  const { type = 'RollingUpdate', rollingUpdate } = spec.updateStrategy ?? {};
  if (type !== 'RollingUpdate') return no(`updateStrategy is ${type}: no pod would get the new version by itself`);
  const partition = rollingUpdate?.partition ?? 0;
  if (partition > 0) return no(`updateStrategy has partition ${partition}: pods below it would keep the old version`);
  if (status.currentRevision !== status.updateRevision) return no('an earlier change still rolls through the pods');
  const ready = status.readyReplicas ?? 0;
  return ready === replicas && status.replicas === replicas
    ? yes(`${ready} of ${replicas} pods are ready`)
    : no(`${ready} of ${replicas} pods are ready`);
};
