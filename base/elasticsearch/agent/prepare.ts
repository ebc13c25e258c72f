// What this node's configuration has beside the image's own: asked for by the init container `prepare` at each start of
// the pod, and again after a restart of the Kubernetes node. It is written into a folder of its own, from which that
// container takes it: so the agent never sees the node's keystore, and the files are whole once it has answered.

import { mkdir, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Environment, Refused } from '../../lib/environment.ts';
import { firstVoters } from './first-voters.ts';
import { jvmOptions, type OwnOptions } from './jvm-options.ts';
import { checkKernel } from './kernel.ts';
import type { KubernetesClient } from './kubernetes.ts';
import { LINKS } from './links.ts';
import { setOf } from './members.ts';
import { checkSeedHosts, ownName } from './own-name.ts';
import type { Clock, Files, Say } from './ports.ts';
import type { Settings } from './settings.ts';
import { isWithoutMmap, joined, type SettingsFile } from './settings-files.ts';
import { cannotElect, parseVoters } from './voters.ts';
import { checkZone, findZone } from './zone.ts';

export interface Preparing {
  readonly settings: Settings;
  readonly environment: Environment;
  readonly kubernetes: KubernetesClient;
  readonly files: Files;
  readonly clock: Clock;
  readonly sleep: (seconds: number) => Promise<void>;
}

/** Where the container `prepare` finds them. */
const preparedFolder = (agent: string): string => join(agent, 'config');

/** Writes the files, or throws Refused with what is wrong. `say` gets what people should know, in both cases. */
export const prepare = async (preparing: Preparing, diskIsEmpty: boolean, say: Say): Promise<void> => {
  const { settings, environment, kubernetes, files, clock, sleep } = preparing;
  const { podName, namespace, folders } = settings;
  const variable = (name: string): string => environment[name] ?? '';
  const node = variable('KUBERNETES_NODE') || '?';

  const { settings: given, options } = await ownFilesOf(folders.settings);
  const maxMapCount = await readFile(environment['MAX_MAP_COUNT'] ?? '/proc/sys/vm/max_map_count', 'utf8');
  checkKernel(maxMapCount, node, isWithoutMmap(given));
  const sizes = {
    heapSize: variable('HEAP_SIZE'),
    processors: variable('PROCESSORS'),
    maxProcessors: variable('MAX_PROCESSORS'),
  };
  const jvm = jvmOptions(sizes, options);
  const name = ownName(await readFile(environment['HOSTS'] ?? '/etc/hosts', 'utf8'), podName);
  checkSeedHosts(await readFile(join(folders.membership, 'unicast_hosts.txt'), 'utf8'), name);
  const zones = variable('AWARENESS_ZONES');
  const zone = await findZone({
    ofPod: variable('ZONE'),
    node,
    zoneOf: (of) => kubernetes.zoneOf(of),
    say,
    clock,
    sleep,
  });
  checkZone(zone, zones, say);
  const knownCluster = await files.knownCluster();
  if (knownCluster !== undefined) await checkElection(preparing);
  const voters = firstVoters(
    {
      knownCluster,
      initialMasterNodes: await readFile(join(folders.membership, 'initial_master_nodes.txt'), 'utf8'),
      diskIsEmpty,
      namespace,
    },
    say,
  );
  const added = [
    `network.publish_host: ${name}`,
    `node.attr.zone: ${zone}`,
    ...(zones === '' ? [] : [`cluster.routing.allocation.awareness.force.zone.values: ${zones}`]),
    ...voters,
  ];
  await write(preparedFolder(folders.agent), joined(given, added), jvm);
  say('INFO', `${podName} in zone ${zone} with a heap of ${variable('HEAP_SIZE')}`, { decision: 'prepare' });
};

/** What an overlay has put into ConfigMap elasticsearch-config. A file that nobody would read is a mistake. */
const ownFilesOf = async (
  folder: string,
): Promise<{ readonly settings: readonly SettingsFile[]; readonly options: readonly OwnOptions[] }> => {
  // The kubelet's own links begin with a dot.
  const names = (await readdir(folder)).filter((name) => !name.startsWith('.')).sort();
  const strange = names.find((name) => !/\.(?:yml|options)$/.test(name));
  if (strange !== undefined)
    throw new Refused(
      `${strange} of ConfigMap elasticsearch-config is read by nobody: files of settings end in .yml, options of the ` +
        'JVM in .options',
    );
  const files = await Promise.all(
    names.map(async (name) => ({ name, text: await readFile(join(folder, name), 'utf8') })),
  );
  const ending = (end: string) => files.filter(({ name }) => name.endsWith(end));
  return { settings: ending('.yml'), options: ending('.options') };
};

/**
 * A cluster that comes back from nothing with too few of its voters would wait for a master for ever. Refused only
 * where that is sure: while a pod still stands that is not wanted, it may be leaving, and votes until it has.
 */
const checkElection = async ({ settings: { podName }, kubernetes }: Preparing): Promise<void> => {
  const [set, formed] = await Promise.all([kubernetes.statefulSet(), kubernetes.formed()]);
  if (!set.ok || !formed.ok || set.value.deleted || set.value.standing > set.value.replicas) return;
  const { replicas, first } = set.value;
  const reason = cannotElect(parseVoters(formed.value.voters), { set: setOf(podName), replicas, first });
  if (reason !== undefined) throw new Refused(reason);
};

const write = async (
  folder: string,
  elasticsearchYml: string,
  jvm: ReadonlyMap<string, readonly string[]>,
): Promise<void> => {
  const unfinished = `${folder}.new`;
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(join(unfinished, 'jvm.options.d'), { recursive: true });
  await writeFile(join(unfinished, 'elasticsearch.yml'), elasticsearchYml);
  for (const [file, lines] of jvm)
    await writeFile(join(unfinished, 'jvm.options.d', file), lines.map((line) => `${line}\n`).join(''));
  for (const [link, target] of LINKS) await symlink(target, join(unfinished, link));
  await rm(folder, { recursive: true, force: true });
  await rename(unfinished, folder);
};
