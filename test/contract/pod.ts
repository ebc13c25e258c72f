// A pod of the rendered manifests as containers of a Docker engine: the same commands, variables, mounts and rights,
// one network, and the init containers first, of which a sidecar goes on running. What there is not is an API server:
// the agent finds no token and no address of one, and so never admits the node. See checks/agent.ts.
import { chmodSync, mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import type { IStatefulSet } from 'kubernetes-models/apps/v1';
import type { IConfigMap, IContainer, IEnvVar, IVolume } from 'kubernetes-models/v1';
import { isStatefulSet, type KubernetesObject, parseManifests } from '../../scripts/lib/objects.ts';
import { committedManifests } from '../../scripts/lib/render/committed.ts';
import { type Docker, docker, must, rights } from './docker.ts';

const podName = 'elasticsearch-0';
// With a short name, which the seed hosts get, too: a host name has 64 characters at most.
const namespace = 'reviews';
const fullName = `${podName}.elasticsearch-nodes.${namespace}.svc.cluster.local`;

/** Content of the Secrets by their names and keys. */
export type Secrets = Readonly<Record<string, Readonly<Record<string, string>>>>;

export interface Change {
  /** More variables of the main container. */
  readonly env?: Readonly<Record<string, string>>;
  /** Before the main container starts, with the folder of each volume. */
  readonly before?: (folderOf: (volume: string) => string) => void;
}

const isConfigMap = (object: KubernetesObject): object is KubernetesObject & IConfigMap => object.kind === 'ConfigMap';

/** rendered/dev: the smallest overlay, and it asks nothing of the host's kernel. */
const manifests = (): KubernetesObject[] =>
  parseManifests(committedManifests('dev').replaceAll('.reviews-dev.svc.', `.${namespace}.svc.`));

const mainOf = (set: IStatefulSet): IContainer => {
  const [main] = set.spec?.template.spec?.containers ?? [];
  if (main === undefined) throw new Error('the StatefulSet has no container');
  return main;
};

const setIn = (objects: readonly KubernetesObject[]): KubernetesObject & IStatefulSet => {
  const set = objects.find(isStatefulSet);
  if (set === undefined) throw new Error('rendered/dev has no StatefulSet');
  return set;
};

/** The images that a pod needs beside the one that is asked about: an engine must have them before. */
export const otherImages = (): readonly string[] => {
  const set = setIn(manifests());
  const all = (set.spec?.template.spec?.initContainers ?? []).map(({ image = '' }) => image);
  return [...new Set(all)].filter((image) => image !== mainOf(set).image);
};

/** What the API server would put into these fields of this pod. */
const fields: Readonly<Record<string, string>> = {
  'metadata.name': podName,
  'metadata.namespace': namespace,
  'spec.nodeName': 'host',
  "metadata.labels['topology.kubernetes.io/zone']": 'zone-a',
};

/** As in Kubernetes, a variable whose optional Secret is missing is not set. */
const valueOf = ({ name, value, valueFrom }: IEnvVar, secrets: Secrets): string[] => {
  if (value !== undefined) return [`${name}=${value}`];
  if (valueFrom?.fieldRef !== undefined) return [`${name}=${fields[valueFrom.fieldRef.fieldPath] ?? ''}`];
  if (valueFrom?.resourceFieldRef !== undefined) return [`${name}=2`];
  const found = secrets[valueFrom?.secretKeyRef?.name ?? '']?.[valueFrom?.secretKeyRef?.key ?? ''];
  return found === undefined ? [] : [`${name}=${found}`];
};

export class Pod {
  /** Names of the sidecars. The first one has the network, as the pod's sandbox has it in Kubernetes. */
  private readonly sidecars: string[] = [];

  private constructor(
    private readonly engine: Docker,
    private readonly image: string,
    private readonly set: KubernetesObject & IStatefulSet,
    private readonly secrets: Secrets,
    readonly folder: string,
  ) {}

  static make(engine: Docker, image: string, secrets: Secrets): Pod {
    const objects = manifests();
    const pod = new Pod(engine, image, setIn(objects), secrets, mkdtempSync(join(tmpdir(), 'contract-')));
    // Whatever user runs the engine: the containers' one must be able to enter and to write.
    chmodSync(pod.folder, 0o777);
    for (const volume of pod.volumes()) pod.fill(volume, objects.filter(isConfigMap));
    return pod;
  }

  get container(): string {
    return `contract-${this.folder.slice(-6)}`;
  }

  folderOf(volume: string): string {
    return join(this.folder, volume);
  }

  /** Runs the init containers, then starts the main one. Throws when an init container fails. */
  async start(change: Change = {}): Promise<void> {
    await this.prepare();
    if (change.before !== undefined) await this.opened();
    change.before?.((volume) => this.folderOf(volume));
    const more = Object.entries(change.env ?? {}).map(([name, value]) => `--env=${name}=${value}`);
    const args = [...this.argsOf(mainOf(this.set)), ...more];
    await must(this.engine, ['run', '--detach', `--name=${this.container}`, ...args, this.image]);
  }

  private async prepare(): Promise<void> {
    for (const init of this.set.spec?.template.spec?.initContainers ?? []) {
      const [entrypoint = 'bash', ...words] = init.command ?? [];
      const image = init.image === mainOf(this.set).image ? this.image : (init.image ?? '');
      const args = [...this.argsOf(init), `--entrypoint=${entrypoint}`, image, ...words];
      if (init.restartPolicy === 'Always') {
        const name = `${this.container}-${init.name}`;
        this.sidecars.push(name);
        await must(this.engine, ['run', '--detach', `--name=${name}`, ...args]);
      } else await this.runInit(args);
    }
  }

  /** What went wrong there may stand in a sidecar's log. */
  private async runInit(args: readonly string[]): Promise<void> {
    const done = await docker(this.engine, ['run', '--rm', ...args], '', 180);
    if (done.code === 0) return;
    const logs = await Promise.all(this.sidecars.map(async (name) => docker(this.engine, ['logs', '--tail=20', name])));
    const said = [done, ...logs].map(({ stdout, stderr }) => `${stdout}${stderr}`);
    throw new Error(`docker run failed with ${done.code}:\n${said.join('\n')}`);
  }

  /** Standard output and error in the main container's shell. */
  async exec(script: string): Promise<{ readonly code: number; readonly output: string }> {
    const done = await docker(this.engine, ['exec', this.container, 'bash', '-c', script]);
    return { code: done.code, output: `${done.stdout}${done.stderr}` };
  }

  async logs(): Promise<{ readonly stdout: string; readonly stderr: string }> {
    return docker(this.engine, ['logs', this.container]);
  }

  /** The exit code, or nothing when it still runs after that time. */
  async exitCode(seconds: number): Promise<number | undefined> {
    const done = await docker(this.engine, ['wait', this.container], '', seconds);
    return done.code === 0 ? Number(done.stdout.trim()) : undefined;
  }

  async signal(name: string): Promise<void> {
    await must(this.engine, ['kill', `--signal=${name}`, this.container]);
  }

  async startAgain(): Promise<void> {
    await must(this.engine, ['start', this.container]);
  }

  async running(): Promise<boolean> {
    return (await must(this.engine, ['inspect', '--format={{.State.Running}}', this.container])).trim() === 'true';
  }

  async remove(): Promise<void> {
    await docker(this.engine, ['rm', '--force', '--volumes', this.container, ...this.sidecars]);
    await this.asRoot('rm', '-rf');
  }

  /** What the containers wrote is theirs; whoever runs the checks must be able to change it. */
  private opened(): Promise<unknown> {
    return this.asRoot('chmod', '-R', 'a+rwX');
  }

  private asRoot(program: string, ...options: readonly string[]): Promise<unknown> {
    const mount = `--volume=${dirname(this.folder)}:/host`;
    const folder = `/host/${basename(this.folder)}`;
    const args = ['run', '--rm', '--user=0', mount, `--entrypoint=${program}`, this.image, ...options, folder];
    return must(this.engine, args);
  }

  private volumes(): readonly IVolume[] {
    const claims = (this.set.spec?.volumeClaimTemplates ?? []).map(({ metadata }) => ({ name: metadata?.name ?? '' }));
    return [...(this.set.spec?.template.spec?.volumes ?? []), ...claims];
  }

  private fill({ name, configMap, secret, projected }: IVolume, configMaps: readonly IConfigMap[]): void {
    const folder = this.folderOf(name);
    mkdirSync(folder);
    chmodSync(folder, 0o777);
    const sources = [configMap, ...(projected?.sources ?? []).map((source) => source.configMap)];
    const maps = configMaps.filter(({ metadata }) => sources.some((source) => source?.name === metadata?.name));
    const entries = maps.flatMap(({ data }) => Object.entries(data ?? {}));
    const content = secret === undefined ? Object.fromEntries(entries) : this.secrets[secret.secretName ?? ''];
    if (content === undefined || (secret === undefined && maps.length === 0)) return;
    // The kubelet's layout: files are links into a folder that is replaced as a whole.
    const items = secret?.items ?? configMap?.items;
    const files = items?.map(({ key, path }) => [path, content[key] ?? ''] as const) ?? Object.entries(content);
    mkdirSync(join(folder, '..made'));
    symlinkSync('..made', join(folder, '..data'));
    for (const [file, text] of files) {
      writeFileSync(join(folder, '..made', file), text, { mode: 0o644 });
      symlinkSync(join('..data', file), join(folder, file));
    }
  }

  private argsOf({ env = [], volumeMounts = [], resources }: IContainer): string[] {
    const memory = String(resources?.limits?.['memory'] ?? '')
      .replace(/i$/, '')
      .toLowerCase();
    const [sandbox] = this.sidecars;
    return [
      ...rights,
      // The name and the hosts file come with the network.
      sandbox === undefined ? `--hostname=${fullName}` : `--network=container:${sandbox}`,
      ...(memory === '' ? [] : [`--memory=${memory}`, `--memory-swap=${memory}`]),
      ...env.flatMap((variable) => valueOf(variable, this.secrets)).map((pair) => `--env=${pair}`),
      // A mount below another one comes after it.
      ...[...volumeMounts]
        .sort((a, b) => a.mountPath.localeCompare(b.mountPath))
        .map(
          ({ name, mountPath, readOnly }) =>
            `--volume=${this.folderOf(name)}:${mountPath}${readOnly === true ? ':ro' : ''}`,
        ),
    ];
  }
}
