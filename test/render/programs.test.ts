// The programs that run from ConfigMaps: a change of one starts the pods of that one anew, and no others. What is
// compared is what Kubernetes compares, the pod templates, in which the ConfigMaps' names end in hashes.
import { appendFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import type { IPodSpec } from 'kubernetes-models/v1';
import { type KubernetesObject, label } from '../../scripts/lib/objects.ts';
import { buildSeconds, copyOfCheckout, renderFolder, root } from './harness.ts';

type Templates = ReadonlyMap<string, string>;

const templatesOf = (objects: readonly KubernetesObject[]): Templates =>
  new Map(
    objects.flatMap((object) => {
      const template = (object as { spec?: { template?: object } }).spec?.template;
      return template === undefined ? [] : [[label(object), JSON.stringify(template)]];
    }),
  );

describe.each(['dev', 'prod'])('in overlay %s', (overlay) => {
  let before: Templates;
  let objects: readonly KubernetesObject[];
  beforeAll(async () => {
    ({ objects } = await renderFolder(`overlays/${overlay}`));
    before = templatesOf(objects);
  }, buildSeconds);

  /** Whose pods are made anew after a change of these files. */
  const restartedBy = async (...files: readonly string[]): Promise<string[]> => {
    const { copy, remove } = copyOfCheckout();
    try {
      for (const file of files) appendFileSync(join(copy, file), file.endsWith('.json') ? ' ' : '\n// changed\n');
      const after = templatesOf((await renderFolder(`overlays/${overlay}`, copy)).objects);
      expect([...after.keys()]).toEqual([...before.keys()]);
      return [...after].filter(([name, template]) => before.get(name) !== template).map(([name]) => name);
    } finally {
      remove();
    }
  };
  const filesIn = (folder: string): string[] =>
    readdirSync(join(root, folder))
      .filter((file) => /\.ts$|^package\.json$/.test(file))
      .map((file) => join(folder, file));
  const named = (kind: string, name: string): string =>
    label(objects.find((object) => object.kind === kind && object.metadata.name === name) as KubernetesObject);

  test(
    'a change of the set-up restarts the set-up alone',
    async () => {
      for (const files of [filesIn('base/reviews/setup'), ['base/reviews/setup/erase.ts']])
        expect(await restartedBy(...files)).toEqual([named('Deployment', 'reviews-setup')]);
    },
    buildSeconds,
  );

  test(
    'a change of the agent restarts the nodes alone',
    async () => {
      for (const files of [filesIn('base/elasticsearch/agent'), ['base/elasticsearch/agent/stop.ts']])
        expect(await restartedBy(...files)).toEqual([named('StatefulSet', 'elasticsearch')]);
    },
    buildSeconds,
  );

  test(
    'a change of what they share restarts all that have it mounted',
    async () => {
      const withLib = [...before].filter(([, template]) => {
        const { volumes = [] } = (JSON.parse(template) as { spec: IPodSpec }).spec;
        return JSON.stringify(volumes).includes('"programs-lib-');
      });
      const expected = withLib.map(([name]) => name);
      expect(expected).toEqual(
        expect.arrayContaining([named('StatefulSet', 'elasticsearch'), named('Deployment', 'reviews-setup')]),
      );
      expect(await restartedBy('base/lib/http.ts')).toEqual(expected);
    },
    buildSeconds,
  );
});
