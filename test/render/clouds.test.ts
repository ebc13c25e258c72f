// The patches of docs/clouds.md, each on top of prod: the function takes them, and they say what the page says.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { isElasticsearch, isStatefulSet } from '../../scripts/lib/objects.ts';
import { buildSeconds, copyOfCheckout, renderFolder, root } from './harness.ts';

const page = readFileSync(join(root, 'docs/clouds.md'), 'utf8');
const blocks = [...page.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, text = '']) => text);
const patches = blocks.filter((text) => text.startsWith('apiVersion: apps/v1\nkind: StatefulSet\n'));
const graceOf = (patch: string): number => Number(/terminationGracePeriodSeconds: (\d+)/.exec(patch)?.[1]);

let copy = '';
let remove: () => void = () => undefined;
beforeAll(() => {
  ({ copy, remove } = copyOfCheckout());
});
afterAll(() => remove());

let number = 0;
/** Prod with that file, and with those fields in its kustomization. */
const render = async (patch: string, fields = 'patches: [{path: patch.yaml}]\n') => {
  number += 1;
  const folder = `overlays/cloud-${number}`;
  mkdirSync(join(copy, folder));
  writeFileSync(join(copy, folder, 'patch.yaml'), patch);
  writeFileSync(
    join(copy, folder, 'kustomization.yaml'),
    'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n' +
      `resources: [../prod]\ntransformers: [../prod/topology]\n${fields}`,
  );
  const { objects } = await renderFolder(folder, copy);
  const template = objects.filter(isStatefulSet).find(isElasticsearch)?.spec?.template;
  const containers = [...(template?.spec?.initContainers ?? []), ...(template?.spec?.containers ?? [])];
  const waits = containers
    .flatMap(({ env }) => env ?? [])
    .filter(({ name }) => /^(PRE_STOP_.*|SHUTDOWN)_SECONDS$/.test(name));
  return {
    grace: template?.spec?.terminationGracePeriodSeconds,
    waits: waits.reduce((sum, { value }) => sum + Number(value), 0),
    annotations: template?.metadata?.annotations ?? {},
  };
};

test('the page has a patch for each of four times', () => {
  expect(patches.map(graceOf)).toEqual([2700, 840, 590, 115]);
});

describe.each(patches.map((patch) => [graceOf(patch), patch] as const))('the patch for %i s', (grace, patch) => {
  test(
    'fits, and leaves some time over',
    async () => {
      const rendered = await render(patch);
      expect(rendered.grace).toBe(grace);
      expect(rendered.waits).toBeLessThan(grace - 5);
    },
    buildSeconds,
  );

  test(
    'is refused with a grace period that is too short for it',
    async () => {
      const { waits } = await render(patch);
      const shorter = patch.replace(/terminationGracePeriodSeconds: \d+/, `terminationGracePeriodSeconds: ${waits}`);
      await expect(render(shorter)).rejects.toThrow(`must be more than ${waits}`);
    },
    buildSeconds,
  );
});

test(
  'the mark that keeps autoscalers away is there, and goes as the page says',
  async () => {
    const mark = 'cluster-autoscaler.kubernetes.io/safe-to-evict';
    expect((await render('', '')).annotations).toMatchObject({ [mark]: 'false' });
    const without = blocks.find((text) => text.startsWith('# kustomization.yaml\n')) ?? '';
    expect(without).toContain('op: remove');
    expect(Object.keys((await render('', without)).annotations)).toEqual(['kubectl.kubernetes.io/default-container']);
  },
  buildSeconds,
);
