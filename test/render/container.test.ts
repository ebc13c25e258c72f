// The container form, with a real engine and the image built from the real Dockerfile.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { run } from '../../scripts/lib/process.ts';
import { findKustomize } from '../../scripts/lib/render/kustomize.ts';
import { listOverlays } from '../../scripts/lib/render/overlays.ts';
import { functionImageReady } from '../image/function-image.ts';
import { engine } from '../support/needs/engine.ts';
import { kubectl } from '../support/needs/programs.ts';
import { suiteNeeding } from '../support/needs/suite.ts';
import { buildSeconds, copyOfCheckout, renderFolder, root } from './harness.ts';

suiteNeeding('with a container engine', [engine, kubectl], () => {
  let env: NodeJS.ProcessEnv = process.env;
  beforeAll(async () => {
    ({ env } = await functionImageReady());
  }, buildSeconds);

  test.each(listOverlays(root))(
    'the container and the exec form of overlay %s give the same bytes',
    async (overlay) => {
      const inContainer = await renderFolder(`overlays/${overlay}`, root, 'container', env);
      expect(inContainer.warnings).toBe('');
      expect(inContainer.text).toBe((await renderFolder(`overlays/${overlay}`)).text);
    },
    buildSeconds,
  );

  const plain = (overlay: string, command: string, ...args: string[]) =>
    run(command, [...args, '--enable-alpha-plugins', join(root, 'overlays', overlay)], {
      env: { ...env, PATH: process.env['PATH'] },
      seconds: 120,
    });

  test.each(listOverlays(root))(
    'a plain kustomize build of overlay %s gives these bytes, too',
    async (overlay) => {
      const { text } = await renderFolder(`overlays/${overlay}`);
      expect(await plain(overlay, await findKustomize(), 'build')).toEqual({ code: 0, stdout: text, stderr: '' });
    },
    buildSeconds,
  );

  test.each(listOverlays(root))(
    'and so does kubectl kustomize of overlay %s',
    async (overlay) => {
      const { text } = await renderFolder(`overlays/${overlay}`);
      expect(await plain(overlay, 'kubectl', 'kustomize')).toEqual({ code: 0, stdout: text, stderr: '' });
    },
    buildSeconds,
  );

  test(
    'an overlay that a user adds renders in the container form',
    async () => {
      const { copy, remove } = copyOfCheckout();
      try {
        const folder = join(copy, 'overlays/mine');
        mkdirSync(join(folder, 'topology'), { recursive: true });
        const head = 'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n';
        writeFileSync(
          join(folder, 'kustomization.yaml'),
          `${head}namespace: mine\nresources: [../../base]\ntransformers: [topology]\n`,
        );
        writeFileSync(join(folder, 'topology/kustomization.yaml'), `${head}resources: [../../../base/topology]\n`);
        const { text } = await renderFolder('overlays/mine', copy, 'container', env);
        expect(text).toBe((await renderFolder('overlays/mine', copy)).text);
      } finally {
        remove();
      }
    },
    buildSeconds,
  );

  test(
    'the image leaves an error of the function readable',
    async () => {
      const { copy, remove } = copyOfCheckout();
      try {
        writeFileSync(
          join(copy, 'overlays/prod/topology/kustomization.yaml'),
          'resources: [../../../base/topology]\npatches: [{path: wrong.yaml}]\n',
        );
        writeFileSync(
          join(copy, 'overlays/prod/topology/wrong.yaml'),
          'apiVersion: delivery-reviews.dev/v1alpha1\n' +
            'kind: ElasticsearchTopology\n' +
            'metadata: {name: elasticsearch-topology}\n' +
            'spec: {spread: Wide}\n',
        );
        await expect(renderFolder('overlays/prod', copy, 'container', env)).rejects.toThrow(/`spec.spread`.*"?Wide"?/);
      } finally {
        remove();
      }
    },
    buildSeconds,
  );
});
