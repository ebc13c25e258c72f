// Flux replaces ${…} in what it applies, once a platform sets variables for it (spec.postBuild). Scripts and settings
// have other uses for these signs: Flux leaves an object alone that says so in an annotation.
// https://fluxcd.io/flux/components/kustomize/kustomizations/#post-build-variable-substitution
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { goProgram } from '../../scripts/lib/go-tools.ts';
import { documentsOf, label, parseManifests } from '../../scripts/lib/objects.ts';
import { run } from '../../scripts/lib/process.ts';
import { isKustomization, listOverlays } from '../../scripts/lib/render/overlays.ts';
import { buildSeconds, copyOfCheckout, renderFolder, root } from '../render/harness.ts';

const annotation = 'kustomize.toolkit.fluxcd.io/substitute';
let program = '';
beforeAll(async () => {
  program = await goProgram('flux-substitution', join(root, 'test/policy/flux-substitution'), '.');
}, buildSeconds);

interface Result {
  readonly text: string;
  readonly error?: string;
}

/** The objects that would not reach the cluster as they are. */
const changed = async (text: string): Promise<string[]> => {
  const documents = documentsOf(text).filter(
    (document) => parseManifests(document)[0]?.metadata.annotations?.[annotation] !== 'disabled',
  );
  const done = await run(program, [], { input: JSON.stringify(documents), seconds: 30 });
  if (done.code !== 0) throw new Error(done.stderr);
  const results = JSON.parse(done.stdout) as Result[];
  expect(results).toHaveLength(documents.length);
  return documents.flatMap((document, i) => {
    const [object] = parseManifests(document);
    const { text: became = '', error } = results[i] ?? {};
    return object === undefined || (error === undefined && became === document)
      ? []
      : [`${label(object)}: ${error ?? 'changed'}`];
  });
};

/** Overlays or transformers of their own; and of the two places for snapshots an overlay has one. */
const apart = new Set(['node-sysctl', 'registry', 'snapshots', 'snapshots-s3']);
/** Parts that an overlay can have at once. */
const components = readdirSync(join(root, 'components')).filter(
  (name) => isKustomization(join(root, 'components', name)) && !apart.has(name),
);

describe('Flux leaves as they are', () => {
  test.each(listOverlays(root))(
    'all objects of overlay %s',
    async (overlay) => {
      expect(await changed((await renderFolder(`overlays/${overlay}`)).text)).toEqual([]);
    },
    buildSeconds,
  );

  test(
    'all objects of every component, and ConfigMaps that an overlay has merged with its own files',
    async () => {
      const { copy, remove } = copyOfCheckout();
      try {
        const folder = join(copy, 'overlays/everything');
        mkdirSync(folder);
        writeFileSync(join(folder, 'own.yml'), '# ${POD_NAME}\n');
        writeFileSync(
          join(folder, 'kustomization.yaml'),
          'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nnamespace: reviews\n' +
            'resources: [../../base]\n' +
            `components: [${components.map((name) => `../../components/${name}`).join(', ')}]\n` +
            'configMapGenerator: [{name: elasticsearch-config, behavior: merge, files: [own.yml]}]\n' +
            'transformers: [../../components/zone-lookup/names, ../prod/topology, ' +
            '../../components/cert-manager/names]\n',
        );
        expect(await changed((await renderFolder('overlays/everything', copy)).text)).toEqual([]);
      } finally {
        remove();
      }
    },
    buildSeconds,
  );
});

test(
  'without the annotation they would be eaten, or keep everything from being applied',
  async () => {
    const { text } = await renderFolder('overlays/prod');
    const bare = await changed(text.replaceAll(`${annotation}: disabled`, 'x: y'));
    expect(bare).toContainEqual(expect.stringMatching(/^ConfigMap reviews\/elasticsearch-agent-.*: (?!changed)/));
    expect(bare.length).toBeGreaterThan(4);
  },
  buildSeconds,
);
