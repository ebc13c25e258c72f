// Another image of Elasticsearch, under load. UPGRADE_IMAGE names one of a newer version that `lab load` has put into
// the nodes; without it the image of today gets a second tag. That shows the roll-out and the commands, and no two
// versions side by side: for these the agent's decisions have tests.
import { expect } from '@jest/globals';
import { isElasticsearch, isStatefulSet } from '../../../scripts/lib/objects.ts';
import { root } from '../../../scripts/lib/paths.ts';
import { deploy } from '../harness/cluster.ts';
import { makeCommand } from '../harness/command.ts';
import { elasticsearchPods } from '../harness/kube.ts';
import { lab, letterOf } from '../harness/lab.ts';
import { renderVariant, type Variant } from '../harness/render.ts';
import { say } from '../harness/say.ts';
import { prod, type Scenario, threeNodes } from '../harness/scenario.ts';
import { expectPlanned, underLoad } from '../harness/under-load.ts';
import { untilNothingLeftBehind } from './support.ts';

interface Images {
  readonly now: string;
  readonly next: string;
  /** All containers that have it now. */
  readonly variant: Variant;
}

const imagesOf = async (variant: Variant): Promise<Images> => {
  const { objects } = await renderVariant(variant);
  const spec = objects.filter(isStatefulSet).find(isElasticsearch)?.spec?.template.spec;
  const now = spec?.containers.find(({ name }) => name === 'elasticsearch')?.image;
  if (spec === undefined || now === undefined) throw new Error('the StatefulSet has no image of Elasticsearch');
  const next = process.env['UPGRADE_IMAGE'] || `${now}-second`;
  // All are named, since those that a patch names stand before those that it does not.
  const renamed = (containers: typeof spec.containers = []): object[] =>
    containers.map(({ name, image }) => (image === now ? { name, image: next } : { name }));
  const template = { containers: renamed(spec.containers), initContainers: renamed(spec.initContainers) };
  return { now, next, variant: { ...variant, patches: [{ spec: { template: { spec: template } } }] } };
};

const ctr = ['ctr', '--address', '/run/containerd/containerd.sock', '--namespace', 'k8s.io', 'images'];

const tagEverywhere = async (namespace: string, { now, next }: Images): Promise<void> => {
  for (const { node } of await elasticsearchPods(namespace))
    await lab(['node-exec', letterOf(node), ...ctr, 'tag', '--force', now, next]);
};

/** Every question is answered by the real server; this overlay takes no snapshots. */
const expectCheck = async (): Promise<void> => {
  const { code, stdout } = await makeCommand(root, 'upgrade-check', 'prod', '9.5.5');
  expect(code).toBe(1);
  for (const line of [
    'yes       the path is open',
    'yes       no known fault',
    'yes       all nodes run one version',
    'yes       the cluster is green',
    'yes       all pods are of one revision',
    'yes       no node is kept free of copies',
    'yes       no vote is excluded',
    'yes       nothing is deprecated',
    'not known the last good snapshot is young enough: the overlay takes none',
  ])
    expect(stdout).toContain(line);
  // The machine's disk may be full.
  expect(stdout).not.toContain('not known every disk');
};

export const upgrade: Scenario = {
  name: 'upgrade',
  does:
    'the check before an upgrade answers each question; then every node gets another image under load: nothing is ' +
    'lost, no search fails',
  set: 'full',
  lab: threeNodes,
  variant: prod,
  labOnly: true,
  minutes: 15,
  async run(bed) {
    const { namespace } = bed;
    const images = await imagesOf(bed.variant);
    if (process.env['UPGRADE_IMAGE'] === undefined) await tagEverywhere(namespace, images);
    await expectCheck();
    const before = await elasticsearchPods(namespace);
    const note = `${images.now.split(':').at(-1)} to ${images.next.split(':').at(-1)}`;
    const measured = await underLoad(bed, { note }, async () => {
      say(`  all nodes have ${images.next} after ${await deploy(images.variant, 600)} s`);
    });
    expectPlanned(measured);
    expect(measured.restarted).toEqual(before.map(({ name }) => name));
    for (const { raw } of await elasticsearchPods(namespace))
      expect(raw.spec?.containers.find(({ name }) => name === 'elasticsearch')?.image).toBe(images.next);
    await untilNothingLeftBehind(namespace);
  },
};
