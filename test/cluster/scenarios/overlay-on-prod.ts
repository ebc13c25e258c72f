// An overlay on prod, with a namespace of its own, beside prod itself.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import { root } from '../../../scripts/lib/paths.ts';
import { checkout } from '../../scripts/support/checkout.ts';
import { restartedSince } from '../harness/cluster.ts';
import { elasticsearchPods, k, kubectl } from '../harness/kube.ts';
import { renderVariant } from '../harness/render.ts';
import { prod, type Scenario, threeNodes } from '../harness/scenario.ts';

const staging = 'reviews-staging';

const sizes = (file: string): string => readFileSync(join(root, 'test/cluster/overlays/prod', file), 'utf8');

/** One node, of the test bed's size. */
const files = (): Record<string, string> => ({
  'overlays/staging/kustomization.yaml':
    'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n' +
    `namespace: ${staging}\nresources: [../prod]\npatches: [{path: sizes.yaml}, {path: without-kibana.yaml}]\n` +
    'replicas: [{name: elasticsearch, count: 1}]\ntransformers: [../../test/cluster/overlays/accepting]\n',
  'overlays/staging/sizes.yaml': sizes('sizes.yaml'),
  'overlays/staging/without-kibana.yaml': sizes('without-kibana.yaml'),
});

export const overlayOnProd: Scenario = {
  name: 'overlay-on-prod',
  does:
    'an overlay on prod is deployed beside prod, forms a cluster of its own and is undeployed again: no object of ' +
    'prod changes, no pod of prod restarts',
  set: 'ci',
  lab: threeNodes,
  variant: prod,
  minutes: 10,
  async run({ namespace, variant }) {
    const copy = checkout();
    const { text } = await renderVariant(variant);
    const ids = (): Promise<string> =>
      k(['get', '-f', '-', '-o', 'jsonpath={range .items[*]}{.kind} {.metadata.name} {.metadata.uid}{"\\n"}{end}'], {
        input: text,
      });
    const unchanged = async (): Promise<void> => {
      expect(await kubectl(['diff', '-f', '-'], { input: text, seconds: 60 })).toMatchObject({ code: 0, stdout: '' });
    };
    const there = await ids();
    const before = await elasticsearchPods(namespace);
    try {
      copy.write(files());
      // It gives up waiting after a second; what it waits for is looked at here.
      const deployed = await copy.command('deploy', 'staging');
      expect(deployed.stderr).toContain('statefulset.apps/elasticsearch serverside-applied');
      await k(['-n', staging, 'rollout', 'status', 'statefulset/elasticsearch', '--timeout=300s'], { seconds: 310 });
      expect(await ids()).toBe(there);
      await unchanged();

      const undeployed = await copy.command('undeploy', 'staging');
      expect({ code: undeployed.code, stderr: undeployed.stderr }).toEqual(expect.objectContaining({ code: 0 }));
      expect(await k(['-n', staging, 'get', 'statefulset', '-o', 'name'])).toBe('');
      expect(await ids()).toBe(there);
      await unchanged();
      expect(restartedSince(before, await elasticsearchPods(namespace))).toEqual([]);
      expect((await elasticsearchPods(namespace)).map(({ name, ready }) => [name, ready])).toEqual(
        before.map(({ name }) => [name, true]),
      );
    } finally {
      await k(['delete', 'namespace', staging, '--ignore-not-found', '--timeout=120s'], { seconds: 130 });
      copy.remove();
    }
  },
};
