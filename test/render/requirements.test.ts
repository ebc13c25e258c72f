// What the README says that a cluster must have, against what the rendered manifests ask for.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { IDeployment, IStatefulSet } from 'kubernetes-models/apps/v1';
import type { ICronJob } from 'kubernetes-models/batch/v1';
import type { IPod } from 'kubernetes-models/v1';
import { requestsOf } from '../../scripts/lib/check/requests.ts';
import { isElasticsearch, isStatefulSet, type KubernetesObject } from '../../scripts/lib/objects.ts';
import { quantityOf } from '../../scripts/lib/quantity.ts';
import { buildSeconds, renderFolder, root } from './harness.ts';

interface Needs {
  readonly replicas: number;
  readonly memory: number;
  readonly cpu: number;
  readonly disk: number;
}

const gib = 2 ** 30;
/** Up, to one decimal: whoever has what the sentence says has enough. Figures that end there stay as they are. */
const up = (value: number): number => Math.ceil(Number((value * 10).toFixed(6))) / 10;

const isWorkload = (object: KubernetesObject): object is KubernetesObject & (IDeployment | IStatefulSet) =>
  ['Deployment', 'StatefulSet'].includes(object.kind);

/** Of one pod. */
const needsOf = (object: KubernetesObject & (IDeployment | IStatefulSet)): Needs => {
  const { memory, cpu } = requestsOf(object.spec?.template.spec);
  const claims = isStatefulSet(object) ? (object.spec?.volumeClaimTemplates ?? []) : [];
  const disk = claims.reduce((sum, { spec }) => sum + quantityOf(spec?.resources?.requests?.['storage'] ?? 0), 0);
  return { replicas: object.spec?.replicas ?? 1, memory: memory / gib, cpu, disk: disk / gib };
};

const total = (all: readonly Needs[], name: 'memory' | 'cpu' | 'disk'): number =>
  all.reduce((sum, one) => sum + one.replicas * one[name], 0);

/** Suspended: the template of a Job that somebody starts. It takes nothing by itself. */
const isTemplate = (object: KubernetesObject): object is KubernetesObject & ICronJob =>
  object.kind === 'CronJob' && (object as KubernetesObject & ICronJob).spec?.suspend === true;

/** What takes something that is counted nowhere here. */
const notCounted = (objects: readonly KubernetesObject[]): KubernetesObject[] =>
  objects.filter(
    (object) =>
      ['DaemonSet', 'Job', 'CronJob', 'Pod', 'PersistentVolumeClaim'].includes(object.kind) && !isTemplate(object),
  );

const objectsOf = async (overlay: string): Promise<readonly KubernetesObject[]> => {
  const { objects } = await renderFolder(`overlays/${overlay}`);
  expect(notCounted(objects)).toEqual([]);
  return objects;
};

const sentenceOf = async (overlay: 'dev' | 'prod'): Promise<string> => {
  const workloads = (await objectsOf(overlay)).filter(isWorkload);
  const all = workloads.map(needsOf);
  if (overlay === 'dev')
    return (
      `dev: ${up(total(all, 'memory'))} GiB and ${up(total(all, 'cpu'))} CPU in ` +
      `all and ${up(total(all, 'disk'))} GiB of disk.`
    );
  const node = needsOf(workloads.find(isElasticsearch) as KubernetesObject & IStatefulSet);
  const others = workloads.filter((object) => !isElasticsearch(object)).map(needsOf);
  expect(node.replicas).toBe(3);
  expect(total(others, 'disk')).toBe(0);
  return (
    `prod: three zones, in each a node with ${up(node.memory)} GiB of unreserved memory, ${up(node.cpu)} CPUs ` +
    `and a ${up(node.disk)} GiB volume, ` +
    `and ${up(total(others, 'memory'))} GiB and ${up(total(others, 'cpu'))} ` +
    'CPU more in all (Kibana, set-up, credentials);'
  );
};

test.each(['dev', 'prod'] as const)(
  'the README’s requirements are what %s asks for',
  async (overlay) => {
    expect(readFileSync(join(root, 'README.md'), 'utf8')).toContain(await sentenceOf(overlay));
  },
  buildSeconds,
);

test(
  'an erasure takes what the README says, and only while it runs',
  async () => {
    const jobs = (await objectsOf('prod')).filter(isTemplate);
    expect(jobs.map(({ metadata }) => metadata.name)).toEqual(['reviews-erase']);
    const { memory, cpu } = requestsOf(jobs[0]?.spec?.jobTemplate.spec?.template.spec);
    expect(readFileSync(join(root, 'README.md'), 'utf8')).toContain(
      `\`make erase\` takes ${memory / 2 ** 20} MiB and ${cpu} CPU more while it runs`,
    );
  },
  buildSeconds,
);

test('a CronJob that runs by itself would be missed', () => {
  const job = (spec: object): KubernetesObject & { spec: object } => ({
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: { name: 'x' },
    spec,
  });
  expect(notCounted([job({ suspend: true })])).toEqual([]);
  expect(notCounted([job({ suspend: false })])).toHaveLength(1);
  expect(notCounted([job({})])).toHaveLength(1);
});

describe('a pod’s requests, as the scheduler counts them', () => {
  const container = (memory: string, more: object = {}): object => ({
    name: 'x',
    resources: { requests: { memory, cpu: '100m' } },
    ...more,
  });
  const memory = (containers: object[], initContainers: object[] = []): number =>
    requestsOf({ containers, initContainers } as IPod['spec']).memory / 2 ** 20;
  const sidecar = { restartPolicy: 'Always' };

  test.each<[string, number, number]>([
    ['containers add up', memory([container('10Mi'), container('20Mi')]), 30],
    [
      'init containers run before them, one at a time',
      memory([container('10Mi')], [container('15Mi'), container('40Mi')]),
      40,
    ],
    ['a small one takes nothing', memory([container('50Mi')], [container('40Mi')]), 50],
    ['a sidecar goes on beside the containers', memory([container('50Mi')], [container('40Mi', sidecar)]), 90],
    [
      'and beside the init containers after it',
      memory([container('10Mi')], [container('40Mi', sidecar), container('60Mi')]),
      100,
    ],
    ['not beside those before it', memory([container('10Mi')], [container('60Mi'), container('40Mi', sidecar)]), 60],
    ['a limit without a request is one', memory([{ name: 'x', resources: { limits: { memory: '7Mi' } } }]), 7],
  ])('%s', (_, found, expected) => {
    expect(found).toBe(expected);
  });

  test('CPU goes by the same rule, and a runtime’s overhead comes on top', () => {
    const spec = {
      containers: [container('1Mi')],
      initContainers: [container('1Mi', sidecar)],
      overhead: { cpu: '50m' },
    };
    expect(requestsOf(spec as IPod['spec']).cpu).toBeCloseTo(0.25, 9);
  });
});
