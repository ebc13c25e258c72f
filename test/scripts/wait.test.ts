import { describe, expect, test } from '@jest/globals';
import type { Snapshot } from '../../scripts/lib/cluster/snapshot.ts';
import { targetOf } from '../../scripts/lib/cluster/target.ts';
import { isGreen, progressLine } from '../../scripts/lib/cluster/wait.ts';
import { parseManifests } from '../../scripts/lib/objects.ts';

const manifests = (spec: string): string =>
  'apiVersion: apps/v1\nkind: StatefulSet\n' +
  'metadata: {name: elasticsearch, namespace: reviews, labels: {app.kubernetes.io/name: elasticsearch}}\n' +
  `spec: {${spec}}\n`;
const target = targetOf(parseManifests(manifests('replicas: 3')));

const done: Snapshot = {
  statefulSet: {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { name: 'elasticsearch', generation: 2 },
    status: { replicas: 3, observedGeneration: 2, readyReplicas: 3, updatedReplicas: 3 },
  },
  pods: [
    {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        name: 'elasticsearch-0',
        ownerReferences: [{ apiVersion: 'apps/v1', kind: 'StatefulSet', name: 'elasticsearch', uid: 'x' }],
      },
      status: { conditions: [{ type: 'Ready', status: 'True' }] },
    },
  ],
  claims: [],
  events: [],
  storageClasses: [],
  logs: new Map(),
  health: { status: 'green', number_of_nodes: 3, unassigned_shards: 0, initializing_shards: 0, relocating_shards: 0 },
};

const withStatus = (status: Partial<NonNullable<NonNullable<Snapshot['statefulSet']>['status']>>): Snapshot => ({
  ...done,
  statefulSet: {
    ...done.statefulSet,
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    status: { replicas: 3, observedGeneration: 2, readyReplicas: 3, updatedReplicas: 3, ...status },
  },
});

describe('green means', () => {
  test('that all pods are ready and new, and Elasticsearch counts them and says green', () => {
    expect(isGreen(done, target)).toBe(true);
  });

  test.each([
    ['a pod is not ready', withStatus({ readyReplicas: 2 })],
    ['a roll-out is under way', withStatus({ updatedReplicas: 1 })],
    ['the controller has not seen the change', withStatus({ observedGeneration: 1 })],
    ['shards have no replica', { ...done, health: { ...done.health!, status: 'yellow' } }],
    ['a node has formed a cluster of its own', { ...done, health: { ...done.health!, number_of_nodes: 2 } }],
    ['nobody answers', { ...done, health: undefined }],
  ])('not while %s', (_, snapshot) => {
    expect(isGreen(snapshot, target)).toBe(false);
  });
});

test('progress names the pods and what the cluster says', () => {
  expect(progressLine(done, target)).toBe('ready 1/3 · elasticsearch-0 ready · cluster green, 3 nodes');
  expect(progressLine({ ...done, pods: [], health: undefined }, target)).toBe('ready 0/3 · no cluster yet');
});

test('progress names the container that a pod waits for: not the sidecar that runs beside it', () => {
  const [first] = done.pods;
  if (first === undefined) throw new Error('there is no pod');
  const running = { running: {} };
  const ended = { terminated: { exitCode: 0 } };
  const waiting = { waiting: { reason: 'ImagePullBackOff' } };
  const pod = (agent: object, prepare: object, elasticsearch: object) => {
    const status = (name: string, state: object) => ({
      name,
      state,
      image: '',
      imageID: '',
      ready: false,
      restartCount: 0,
    });
    const pods = [
      {
        ...first,
        spec: { containers: [], initContainers: [{ name: 'agent', restartPolicy: 'Always' }, { name: 'prepare' }] },
        status: {
          initContainerStatuses: [status('agent', agent), status('prepare', prepare)],
          containerStatuses: [status('elasticsearch', elasticsearch)],
        },
      },
    ];
    return progressLine({ ...done, pods, health: undefined }, target).split(' · ')[1];
  };
  expect(pod(running, running, waiting)).toBe('elasticsearch-0 prepare runs');
  expect(pod(running, ended, running)).toBe('elasticsearch-0 elasticsearch runs');
  expect(pod(waiting, waiting, waiting)).toBe('elasticsearch-0 ImagePullBackOff');
});
