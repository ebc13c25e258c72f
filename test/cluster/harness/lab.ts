// The lab: a real Kubernetes on this machine, brought into the shape that a scenario needs.
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../../scripts/lib/paths.ts';
import { run } from '../../../scripts/lib/process.ts';
import { k } from './kube.ts';
import { say } from './say.ts';
import { onCurrentContext } from './settings.ts';

export interface LabShape {
  readonly nodes: number;
  /** Into how many zones the nodes are dealt; each its own where nothing is said. */
  readonly zones?: number;
  readonly featureGates?: string;
  readonly maxMapCount?: number;
}

export type NodeLetter = 'a' | 'b' | 'c' | 'd' | 'e' | 'f';

const program = join(root, 'test/lab/lab');
let imagesBuilt = false;
let current: LabShape | undefined;

const environment = ({ zones, featureGates, maxMapCount }: LabShape): NodeJS.ProcessEnv => ({
  ...process.env,
  ...(zones === undefined ? {} : { LAB_ZONES: String(zones) }),
  ...(featureGates === undefined ? {} : { LAB_FEATURE_GATES: featureGates }),
  ...(maxMapCount === undefined ? {} : { LAB_MAX_MAP_COUNT: String(maxMapCount) }),
});

export const lab = async (
  args: readonly string[],
  seconds = 120,
  env: NodeJS.ProcessEnv = process.env,
): Promise<string> => {
  const done = await run(program, args, { seconds, env });
  if (done.code !== 0) throw new Error(`lab ${args.join(' ')} failed with code ${done.code}:\n${done.stderr.trim()}`);
  return done.stdout;
};

const useLab = (exports: string): void => {
  const kubeconfig = /KUBECONFIG=(\S+)/.exec(exports)?.[1];
  const bin = /PATH=(\S+?):\$PATH/.exec(exports)?.[1];
  if (kubeconfig === undefined || bin === undefined) throw new Error(`lab env says no settings: ${exports}`);
  process.env['KUBECONFIG'] = kubeconfig;
  if (!(process.env['PATH'] ?? '').startsWith(`${bin}:`)) process.env['PATH'] = `${bin}:${process.env['PATH'] ?? ''}`;
};

const sameNodes = (a: LabShape, b: LabShape): boolean => a.nodes === b.nodes && a.zones === b.zones;
const same = (a: LabShape, b: LabShape): boolean =>
  sameNodes(a, b) && a.featureGates === b.featureGates && a.maxMapCount === b.maxMapCount;

/** What the lab keeps of a running cluster; "lab down" removes it. */
export const state = join(process.env['LAB_HOME'] ?? '/var/cache/delivery-reviews-lab', 'state');

/** Kubernetes is not asked: a scenario may have deleted a node there. */
const runningNodes = (): number => (existsSync(join(state, 'nodes')) ? readdirSync(join(state, 'nodes')).length : 0);

/**
 * Starts the lab, or changes it: a lab with other nodes is taken down first, feature gates and kernel settings change
 * in place.
 */
export const ensureLab = async (shape: LabShape): Promise<void> => {
  if (onCurrentContext || (current !== undefined && same(current, shape))) return;
  if (!imagesBuilt) {
    say('building the lab and its images, where they are not up to date');
    await lab(['build'], 3600);
    await lab(['image'], 3600);
    imagesBuilt = true;
  }
  useLab(await lab(['env']));
  const unknown = current === undefined ? runningNodes() : 0;
  if ((current !== undefined && !sameNodes(current, shape)) || (unknown !== 0 && unknown !== shape.nodes))
    await lab(['down'], 180);
  const { nodes, zones, featureGates } = shape;
  const inZones = zones === undefined ? '' : ` in ${zones} zones`;
  say(`lab: ${nodes} nodes${inZones}${featureGates === undefined ? '' : `, ${featureGates}`}`);
  await lab(['up', String(shape.nodes)], 600, environment(shape));
  weigh(shape.nodes);
  current = shape;
};

/**
 * Each node counts as much as two other processes of the machine: all pods of a node share one group, which by default
 * weighs as much as a single process, and then whatever else the machine does would be measured.
 */
const weigh = (nodes: number): void => {
  for (const letter of 'abcdefghi'.slice(0, nodes))
    writeFileSync(`/sys/fs/cgroup/cpu/lab-${letter}/cpu.shares`, String(2 * 1024));
};

const outOfReach = new Set<string>();

/** Kubernetes nodes that nobody reaches now, by the scenario's own doing: it saves waiting for their answers. */
export const isOutOfReach = (kubernetesNode: string | undefined): boolean => outOfReach.has(kubernetesNode ?? '');

const away =
  (command: string) =>
  async (node: NodeLetter): Promise<void> => {
    outOfReach.add(`node-${node}`);
    await lab([command, node]);
  };

const back =
  (command: string) =>
  async (node: NodeLetter): Promise<void> => {
    await lab([command, node], 180);
    outOfReach.delete(`node-${node}`);
  };

/** Link down first, then everything killed: the others see silence. */
export const crash = away('node-crash');
export const startNode = back('node-start');
export const cut = away('node-cut');
export const heal = back('node-heal');

export const letterOf = (kubernetesNode: string | undefined): NodeLetter => {
  const letter = /^node-([a-f])$/.exec(kubernetesNode ?? '')?.[1];
  if (letter === undefined) throw new Error(`"${kubernetesNode ?? ''}" is no node of the lab`);
  return letter as NodeLetter;
};

/** Every node runs, is reachable, schedulable and labelled as at the start, whatever the last scenario did to it. */
export const repairLab = async (): Promise<void> => {
  if (onCurrentContext || current === undefined) return;
  const letters = ['a', 'b', 'c', 'd', 'e', 'f'].slice(0, current.nodes) as NodeLetter[];
  for (const letter of letters) {
    await lab(['node-thaw', letter]).catch(() => undefined);
    await heal(letter).catch(() => undefined);
  }
  await lab(['up', String(current.nodes)], 600, environment(current));
  outOfReach.clear();
  for (const letter of letters) await k(['uncordon', `node-${letter}`]);
};
