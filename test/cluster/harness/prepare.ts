// The state in which a scenario begins, whatever the one before it left.
import { tellsPodsTheirZone } from '../../../scripts/lib/check/zone-source.ts';
import { serverVersion } from '../../../scripts/lib/cluster/kubectl.ts';
import { deploy, namespaceOf, undeploy } from './cluster.ts';
import { maybe } from './kube.ts';
import { ensureLab, repairLab } from './lab.ts';
import { needComponents } from './render.ts';
import { say } from './say.ts';
import type { Scenario } from './scenario.ts';
import { onCurrentContext } from './settings.ts';

const namespaces = ['reviews', 'reviews-dev'];
const made = new Set<string>();
let dirty = true;
let failed = false;

const exists = async (namespace: string): Promise<boolean> => (await maybe(['namespace', namespace])) !== undefined;

/** On somebody's own cluster nothing is touched that was there before. */
const mayUse = async (namespace: string): Promise<void> => {
  if (onCurrentContext && !made.has(namespace) && (await exists(namespace)))
    throw new Error(`the namespace ${namespace} exists already: the suite does not touch what it has not made`);
  made.add(namespace);
};

export const prepare = async ({ lab, variant, empty = false }: Scenario): Promise<void> => {
  await ensureLab(lab);
  if (dirty) await repairLab();
  // As a user of an older Kubernetes is told to.
  needComponents(tellsPodsTheirZone(await serverVersion()) ? [] : ['zone-lookup']);
  const namespace = namespaceOf(variant);
  await mayUse(namespace);
  for (const other of onCurrentContext ? made : namespaces)
    if ((other !== namespace || empty || failed) && (await exists(other))) {
      say(`removing namespace ${other}`);
      await undeploy(other);
    }
  failed = false;
  if (empty) return;
  try {
    // What the last scenario left may have to roll back first; what does not move is not waited for.
    await deploy(variant, 900, 200);
  } catch (error) {
    say(`the last state cannot be used: ${String(error)}`);
    await undeploy(namespace);
    await deploy(variant, 420);
  }
};

/** After a scenario that changed nodes nothing of them is taken for granted. */
export const markDirty = (): void => {
  dirty = true;
};

export const markClean = (): void => {
  dirty = false;
};

/** What a scenario leaves half done, as a rotation, would fail the next one too: that begins with another cluster. */
export const markFailed = (): void => {
  failed = true;
};
