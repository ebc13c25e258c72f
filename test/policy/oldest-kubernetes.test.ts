// The manifests use no field that the oldest supported Kubernetes does not have: its own API types read them strictly.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { minimumKubernetes } from '../../scripts/lib/check/check.ts';
import { goProgram } from '../../scripts/lib/go-tools.ts';
import { type Finished, run } from '../../scripts/lib/process.ts';
import { buildSeconds, renderFolder, root } from '../render/harness.ts';

const source = join(root, 'test/policy/oldest-kubernetes');
let program = '';
const read = (input: string): Promise<Finished> => run(program, [], { input, seconds: 30 });

beforeAll(async () => {
  program = await goProgram('oldest-kubernetes', source, '.');
}, buildSeconds);

test('the oldest Kubernetes that doctor accepts is the one whose types are used', () => {
  const minor = minimumKubernetes.split('.')[1] ?? '';
  expect(readFileSync(join(source, 'go.mod'), 'utf8')).toContain(`k8s.io/api v0.${minor}.`);
});

test.each(['dev', 'prod'])(
  'knows every field of overlay %s',
  async (overlay) => {
    const { text } = await renderFolder(`overlays/${overlay}`);
    expect(await read(text)).toMatchObject({ code: 0, stdout: '' });
  },
  60_000,
);

test('does not know a field that came later', async () => {
  const { text } = await renderFolder('overlays/prod');
  const later = text.replace(
    /^ {6}enableServiceLinks: false$/m,
    '      enableServiceLinks: false\n      hostnameOverride: x',
  );
  expect(await read(later)).toMatchObject({ code: 1, stdout: expect.stringContaining('hostnameOverride') });
}, 60_000);
