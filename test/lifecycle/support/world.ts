// What surrounds one pod. Tests change it while a script runs.
import type { ClusterFacts } from './elasticsearch.ts';
import type { KubernetesFacts } from './kubernetes.ts';
import type { Pod } from './pod.ts';

interface World {
  pod: Pod;
  cluster: ClusterFacts;
  facts: KubernetesFacts;
}

/** The pod is there once the suite's start() has made it. */
export const world = {} as World;
