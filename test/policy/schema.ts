// A strict check against the Kubernetes API, offline. The types of kubernetes-models come from its OpenAPI document:
// TypeScript refuses unknown fields of an object literal at any depth, and names the nearest known one; the package's
// validators add what types can't say (patterns, required unions). Alone, the validators let unknown fields pass.
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type KubernetesObject, label } from '../../scripts/lib/objects.ts';
import { root } from '../../scripts/lib/paths.ts';
import { run } from '../../scripts/lib/process.ts';

const load = createRequire(join(root, 'package.json'));

type ModelClass = new (object: KubernetesObject) => { validate(): void };

const modelOf = ({ apiVersion, kind }: KubernetesObject): ModelClass | undefined => {
  try {
    return (load(`kubernetes-models/${apiVersion}`) as Record<string, ModelClass | undefined>)[kind];
  } catch {
    return undefined; // No such group or version.
  }
};

const fieldsOf = async (objects: readonly KubernetesObject[]): Promise<string[]> => {
  const folder = mkdtempSync(join(tmpdir(), 'schema-'));
  try {
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
    objects.forEach((object, index) => {
      const type = `import('kubernetes-models/${object.apiVersion}').I${object.kind}`;
      writeFileSync(
        join(folder, `${index}.ts`),
        `export const object: ${type} = ${JSON.stringify(object, null, 1)};\n`,
      );
    });
    const options = {
      strict: true,
      exactOptionalPropertyTypes: true,
      noEmit: true,
      skipLibCheck: true,
      types: [],
      module: 'preserve',
    };
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: options, include: ['*.ts'] }));
    const { code, stdout, stderr } = await run(
      'node',
      [join(root, 'node_modules/typescript/bin/tsc'), '-p', folder, '--pretty', 'false'],
      { seconds: 120 },
    );
    const findings = stdout.split('\n').flatMap((line) => {
      const match = /(?:^|\/)(\d+)\.ts\((\d+),\d+\): error TS\d+: (.*)/.exec(line);
      const object = objects[Number(match?.[1])];
      if (match === null || object === undefined) return [];
      const source = JSON.stringify(object, null, 1).split('\n')[Number(match[2]) - 1]?.trim();
      return [`${label(object)}: ${match[3]} (at ${source ?? '?'})`];
    });
    // A compiler that could not run must not pass for one that found nothing.
    return code === 0 || findings.length > 0 ? findings : [`the check itself failed: ${stdout}${stderr}`];
  } finally {
    rmSync(folder, { recursive: true });
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
    ...(await fieldsOf(known)),
    ...known.flatMap((object) => {
      const model = modelOf(object);
      return model === undefined ? [] : valuesOf(object, model);
    }),
  ];
};
