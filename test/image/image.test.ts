// The function's image, built with its real Dockerfile and run as kustomize runs it.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { root } from '../../scripts/lib/paths.ts';
import { type Finished, run } from '../../scripts/lib/process.ts';
import { engine } from '../support/needs/engine.ts';
import { suiteNeeding } from '../support/needs/suite.ts';
import { functionImageReady } from './function-image.ts';

interface ImageConfig {
  readonly User: string;
  readonly Entrypoint: readonly string[];
  readonly Labels: Readonly<Record<string, string>>;
}

const emptyList = 'apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nitems: []\n';

suiteNeeding("the function's image", [engine], () => {
  let built: Awaited<ReturnType<typeof functionImageReady>>;
  const docker = (args: readonly string[], input = ''): Promise<Finished> =>
    run('docker', args, { env: built.env, input, seconds: 60 });
  const asKustomizeDoes = [
    '--rm',
    '--interactive',
    '--network',
    'none',
    '--user',
    'nobody',
    '--security-opt=no-new-privileges',
  ];

  beforeAll(async () => {
    built = await functionImageReady();
  }, 600_000);

  const config = async (): Promise<ImageConfig> => {
    const inspected = await docker(['image', 'inspect', '--format', '{{json .Config}}', built.image]);
    return JSON.parse(inspected.stdout) as ImageConfig;
  };

  test('runs as kustomize runs it, without network and as nobody, and says what is wrong with its input', async () => {
    const done = await docker(['run', ...asKustomizeDoes, built.image], 'hello');
    expect(done.stderr).toMatch(/must be a ResourceList/);
    expect(done).toMatchObject({ code: 1, stdout: '' });
  });

  test('gives what the bundle on the host gives', async () => {
    const inImage = await docker(['run', ...asKustomizeDoes, '--read-only', built.image], emptyList);
    const bundle = join(root, 'functions/elasticsearch-topology/dist/elasticsearch-topology.cjs');
    const onHost = await run(process.execPath, [bundle], { input: emptyList, seconds: 20 });
    expect(inImage).toEqual(onHost);
  });

  test('does not run as root, and starts without a shell', async () => {
    const { User, Entrypoint } = await config();
    expect(User).toBe('65532:65532');
    expect(Entrypoint).toEqual(['/nodejs/bin/node', '/function/elasticsearch-topology.cjs']);
  });

  test('holds one bundle that everybody can read, and no node_modules', async () => {
    const created = (await docker(['create', built.image])).stdout.trim();
    try {
      const listed = await run('bash', ['-c', `docker export ${created} | tar --list --verbose`], {
        env: built.env,
        seconds: 60,
      });
      const own = listed.stdout.split('\n').filter((line) => line.includes(' function/'));
      expect(own.map((line) => line.split(/\s+/).filter((_, index) => index === 0 || index === 5))).toEqual([
        ['drwxr-xr-x', 'function/'],
        ['-rw-r--r--', 'function/elasticsearch-topology.cjs'],
      ]);
      expect(listed.stdout).not.toContain('node_modules');
    } finally {
      await docker(['rm', created]);
    }
  });

  test("is labelled with what it is, and with the package's version", async () => {
    const { version, license } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      version: string;
      license: string;
    };
    expect((await config()).Labels).toMatchObject({
      'org.opencontainers.image.title': 'elasticsearch-topology',
      'org.opencontainers.image.version': version,
      'org.opencontainers.image.licenses': license,
    });
    expect(built.image.endsWith(`:${version}`)).toBe(true);
  });
});
