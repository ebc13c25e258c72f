// All that is read of a cluster that runs, by `make doctor` and `make upgrade-check` alike.

import type { IStatefulSet } from 'kubernetes-models/apps/v1';
import type { IPod } from 'kubernetes-models/v1';
import type { NodeClaim } from '../check/claims.ts';
import type { ClusterStatus } from '../cluster/status.ts';
import type { Cluster } from './answers.ts';
import type { Disks } from './disk.ts';
import type { Known } from './known.ts';

export interface Facts {
  /** As the overlay has it, and as the cluster has it. */
  readonly rendered: IStatefulSet;
  readonly statefulSet: IStatefulSet;
  readonly claims: readonly NodeClaim[];
  /** Pods of Elasticsearch, and of all workloads of the overlay. */
  readonly nodes: readonly IPod[];
  readonly pods: readonly IPod[];
  readonly status: Known<ClusterStatus>;
  readonly certificateEnds: Known<number>;
  readonly cluster: Cluster;
  readonly disks: Disks;
  /** What the program that takes snapshots tells; undefined where the overlay has none. */
  readonly snapshots: Known<string> | undefined;
  /** In milliseconds since 1970. */
  readonly now: number;
}
