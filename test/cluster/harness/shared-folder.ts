// A folder of this machine as a volume that all nodes write to at once. The lab's nodes are on one machine, so it is
// for them what a share of NFS is for others; an overlay of yours names a class that has such volumes.
import { chmodSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { k } from './kube.ts';
import { state } from './lab.ts';

const CLASS = 'shared-by-all-nodes';
const VOLUME = 'reviews-snapshots';

export const sharedFolder = join(state, 'shared-snapshots');

/** What an overlay says of its class, here as a patch of the component's claim. */
export const claimPatch = {
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name: 'elasticsearch-snapshots' },
  spec: { storageClassName: CLASS, volumeName: VOLUME, resources: { requests: { storage: '1Gi' } } },
};

/** Of the suite's Prometheus to the figures, as overlays/watched opens those of exporter and agents. */
export const watchedPatch = {
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name: 'snapshots-from-monitoring' },
  spec: {
    ingress: [{ from: [{ ipBlock: { cidr: '10.210.0.1/32' } }], ports: [{ protocol: 'TCP', port: 9397 }] }],
  },
};

const volume = {
  apiVersion: 'v1',
  kind: 'PersistentVolume',
  metadata: { name: VOLUME },
  spec: {
    capacity: { storage: '1Gi' },
    accessModes: ['ReadWriteMany'],
    storageClassName: CLASS,
    // As a share is that outlives the clusters which use it.
    persistentVolumeReclaimPolicy: 'Retain',
    hostPath: { path: sharedFolder },
  },
};

/** Anew where a claim that is gone still holds it. What is in the folder stays. */
export const makeSharedVolume = async (): Promise<void> => {
  mkdirSync(sharedFolder, { recursive: true });
  // fsGroup has no meaning for such a volume.
  chmodSync(sharedFolder, 0o777);
  await removeVolume();
  await k(['create', '-f', '-'], { input: JSON.stringify(volume) });
};

const removeVolume = async (): Promise<void> => {
  await k(['delete', 'persistentvolume', VOLUME, '--ignore-not-found', '--timeout=60s'], { seconds: 70 });
};

export const removeSharedFolder = async (): Promise<void> => {
  await removeVolume();
  rmSync(sharedFolder, { recursive: true, force: true });
};
