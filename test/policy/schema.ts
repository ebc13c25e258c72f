// A strict check against the Kubernetes API, offline. The types of kubernetes-models come from its OpenAPI document and
// find unknown fields; the package's validators add what types can't say (patterns, required unions). Alone, the
// validators let unknown fields pass.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { type KubernetesObject, label } from '../../scripts/lib/objects.ts';
import { root } from '../../scripts/lib/paths.ts';
import { typeFindings } from '../support/type-findings.ts';

const load = createRequire(join(root, 'package.json'));

type ModelClass = new (object: KubernetesObject) => { validate(): void };

const modelOf = ({ apiVersion, kind }: KubernetesObject): ModelClass | undefined => {
  try {
    return (load(`kubernetes-models/${apiVersion}`) as Record<string, ModelClass | undefined>)[kind];
  } catch {
    return undefined; // No such group or version.
  }
};

const valuesOf = (object: KubernetesObject, model: ModelClass): string[] => {
  try {
    new model(object).validate();
    return [];
  } catch (error) {
    return [`${label(object)}: ${error instanceof Error ? error.message : String(error)}`];
  }
};

/** Everything that a strict API server would refuse in these objects, as far as its published schema says. */
export const schemaFindings = async (objects: readonly KubernetesObject[]): Promise<string[]> => {
  const known = objects.filter((object) => modelOf(object) !== undefined);
  const unknown = objects.filter((object) => modelOf(object) === undefined);
  return [
    ...unknown.map((object) => `${label(object)}: no such kind in ${object.apiVersion}`),
    ...(await typeFindings(known, 'kubernetes-models')),
    ...known.flatMap((object) => {
      const model = modelOf(object);
      return model === undefined ? [] : valuesOf(object, model);
    }),
  ];
};
