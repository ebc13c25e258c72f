// TypeScript as a strict schema: it refuses unknown fields of an object literal at any depth, and names the nearest
// known one.
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type KubernetesObject, label } from '../../scripts/lib/objects.ts';
import { root } from '../../scripts/lib/paths.ts';
import { run } from '../../scripts/lib/process.ts';

const compilerOptions = {
  strict: true,
  exactOptionalPropertyTypes: true,
  noEmit: true,
  skipLibCheck: true,
  types: [],
  module: 'preserve',
};

/**
 * What the compiler says of each object as the type of its kind, with the line of the object that it says that of.
 * `models`: the package that has these types, each at the path of its apiVersion.
 */
export const typeFindings = async (objects: readonly KubernetesObject[], models: string): Promise<string[]> => {
  const folder = mkdtempSync(join(tmpdir(), 'types-'));
  try {
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
    const texts = objects.map((object) => JSON.stringify(object, null, 1));
    for (const [index, { apiVersion, kind }] of objects.entries()) {
      const type = `import('${models}/${apiVersion}').I${kind}`;
      writeFileSync(join(folder, `${index}.ts`), `export const object: ${type} = ${texts[index] ?? ''};\n`);
    }
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['*.ts'] }));
    const { code, stdout, stderr } = await run(
      'node',
      [join(root, 'node_modules/typescript/bin/tsc'), '-p', folder, '--pretty', 'false'],
      { seconds: 120 },
    );
    const findings = stdout.split('\n').flatMap((line) => {
      const match = /(?:^|\/)(\d+)\.ts\((\d+),\d+\): error TS\d+: (.*)/.exec(line);
      const object = objects[Number(match?.[1])];
      if (match === null || object === undefined) return [];
      const source = texts[Number(match[1])]?.split('\n')[Number(match[2]) - 1]?.trim();
      return [`${label(object)}: ${match[3]} (at ${source ?? '?'})`];
    });
    // A compiler that could not run must not pass for one that found nothing.
    return code === 0 || findings.length > 0 ? findings : [`the check itself failed: ${stdout}${stderr}`];
  } finally {
    rmSync(folder, { recursive: true });
  }
};
