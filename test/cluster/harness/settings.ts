// How the suite was called.
import { join } from 'node:path';
import { root } from '../../../scripts/lib/paths.ts';

export const artifacts = join(root, 'test/lab/artifacts');

/** CLUSTER=current: the cluster of kubectl's current context instead of a lab. */
export const onCurrentContext = process.env['CLUSTER'] === 'current';

/** KEEP=1: use the lab that runs, and leave it running with what is in it. For work on the suite itself. */
export const keep = process.env['KEEP'] === '1';

export type Set = 'ci' | 'full';

const wanted = process.env['CLUSTER_SET'];

/** CLUSTER_SET=safeguards: scenarios that must fail, each without the safeguard that it is there for. */
export const withoutSafeguards = wanted === 'safeguards';

export const set: Set = wanted === 'full' || withoutSafeguards ? 'full' : 'ci';

/**
 * Why no Prometheus looks at a scenario. ALERTS=off: where single seconds are measured. What runs without a safeguard
 * fails anyhow, and in somebody's cluster this machine reaches no pod.
 */
export const withoutAlerts =
  process.env['ALERTS'] === 'off'
    ? 'ALERTS=off'
    : withoutSafeguards
      ? 'CLUSTER_SET=safeguards'
      : onCurrentContext
        ? 'CLUSTER=current'
        : undefined;

/** A scenario called by name runs whatever set it belongs to. */
export const byName = process.argv.some((argument) => /^(-t|--testNamePattern)(=|$)/.test(argument));
