// The base as a kpt package. kpt edits a package in place, so what counts is what the files look like afterwards.
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { run } from '../../scripts/lib/process.ts';
import { functionImage } from '../../scripts/lib/render/form.ts';
import { listOverlays } from '../../scripts/lib/render/overlays.ts';
import { functionImageReady } from '../image/function-image.ts';
import { engine } from '../support/needs/engine.ts';
import { kpt as kptOnPath } from '../support/needs/machine.ts';
import { suiteNeeding } from '../support/needs/suite.ts';
import { buildSeconds, bundle, renderFolder, root } from './harness.ts';

let repository = '';
let base = '';
const git = async (...args: string[]): Promise<string> => {
  const done = await run('git', ['-c', 'user.name=test', '-c', 'user.email=test@example.org', ...args], {
    cwd: repository,
    seconds: 30,
  });
  if (done.code !== 0) throw new Error(done.stderr);
  return done.stdout;
};
const edit = (file: string, search: string | RegExp, replacement: string): void => {
  const before = readFileSync(join(base, file), 'utf8');
  const after = before.replace(search, replacement);
  if (after === before) throw new Error(`${file} has no ${String(search)}`);
  writeFileSync(join(base, file), after);
};
const commit = async (): Promise<void> => {
  await git('add', '--all');
  await git('commit', '--quiet', '--allow-empty', '--message', 'state');
};

beforeEach(async () => {
  repository = mkdtempSync(join(tmpdir(), 'kpt-'));
  base = join(repository, 'base');
  cpSync(join(root, 'base'), base, { recursive: true });
  await git('init', '--quiet');
  await commit();
});
afterEach(() => rmSync(repository, { recursive: true }));

const kpt = async (env: NodeJS.ProcessEnv = process.env): Promise<void> => {
  const done = await run('kpt', ['fn', 'render', base, '--allow-exec'], { env, seconds: 120 });
  expect(done).toEqual(expect.objectContaining({ code: 0 }));
};
/** The same package, with the bundle as a process: kpt needs no engine then. */
const withExecPipeline = async (): Promise<void> => {
  edit('Kptfile', /image: .*/, `exec: ${process.execPath} ${bundle}`);
  await commit();
};
const changes = (): Promise<string> => git('diff', '--unified=0');
const addedAndRemoved = async (): Promise<string[]> =>
  (await changes()).split('\n').filter((line) => /^[-+](?![-+]{2} )/.test(line));

test('the package names the image that the base names', () => {
  expect(readFileSync(join(root, 'base/Kptfile'), 'utf8')).toContain(`image: ${functionImage()}\n`);
});

suiteNeeding('kpt fn render on the base', [kptOnPath], () => {
  test(
    'fills in what follows from the numbers, takes nothing away, and changes nothing when it is repeated',
    async () => {
      await withExecPipeline();
      await kpt();
      const lines = await addedAndRemoved();
      expect(lines.filter((line) => line.startsWith('-'))).toEqual([
        '-  unicast_hosts.txt: ""',
        '-  initial_master_nodes.txt: ""',
        '-              value: ""',
      ]);
      for (const line of [
        '+    delivery-reviews.dev/topology: replicas=3 heap=1024m spread=Strict',
        '+              value: "1024m"',
        '+          whenUnsatisfiable: DoNotSchedule',
        '+    elasticsearch-2.elasticsearch-nodes',
      ])
        expect(lines).toContain(line);
      await commit();
      await kpt();
      expect(await changes()).toBe('');
      expect(await git('status', '--porcelain')).toBe('');
    },
    buildSeconds,
  );

  test(
    'on five replicas adds their names, changes the proof, and touches no other line',
    async () => {
      await withExecPipeline();
      await kpt();
      edit('elasticsearch/statefulset.yaml', 'replicas: 3', 'replicas: 5');
      await commit();
      await kpt();
      expect(await addedAndRemoved()).toEqual([
        '+    elasticsearch-3.elasticsearch-nodes',
        '+    elasticsearch-4.elasticsearch-nodes',
        '+    elasticsearch-3',
        '+    elasticsearch-4',
        '-    delivery-reviews.dev/topology: replicas=3 heap=1024m spread=Strict',
        '+    delivery-reviews.dev/topology: replicas=5 heap=1024m spread=Strict',
      ]);

      await commit();
      await kpt();
      expect(await changes()).toBe('');
    },
    buildSeconds,
  );

  test(
    'leaves a package on which overlays render what they rendered before',
    async () => {
      for (const part of ['overlays', 'components'])
        cpSync(join(root, part), join(repository, part), { recursive: true });
      const overlays = listOverlays(repository);
      const build = async (): Promise<string[]> => {
        const texts: string[] = [];
        for (const overlay of overlays) texts.push((await renderFolder(`overlays/${overlay}`, repository)).text);
        return texts;
      };
      const before = await build();
      expect(before.length).toBeGreaterThan(1);
      await withExecPipeline();
      await kpt();
      expect(await build()).toEqual(before);
    },
    buildSeconds,
  );

  test(
    'without the function an overlay on such a package is refused, although it has the proof of that run',
    async () => {
      await withExecPipeline();
      await kpt();
      mkdirSync(join(repository, 'overlays/forgetful'), { recursive: true });
      writeFileSync(
        join(repository, 'overlays/forgetful/kustomization.yaml'),
        'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nnamespace: reviews\n' +
          'resources: [../../base]\n',
      );
      await expect(renderFolder('overlays/forgetful', repository)).rejects.toThrow(/are of another name or namespace/);
    },
    buildSeconds,
  );

  test(
    '`kpt fn eval` works without a config',
    async () => {
      const done = await run('kpt', ['fn', 'eval', base, '--exec', `${process.execPath} ${bundle}`], { seconds: 120 });
      expect(done).toEqual(expect.objectContaining({ code: 0 }));
      const evaluated = await changes();
      expect(evaluated).toContain('+              value: "1024m"');
      await git('checkout', '--quiet', '.');
      await withExecPipeline();
      await kpt();
      expect(await changes()).toBe(evaluated);
    },
    buildSeconds,
  );

  test(
    'stops at a wrong config with the words of the function, and leaves every file',
    async () => {
      await withExecPipeline();
      edit('topology/elasticsearch-topology.yaml', 'spread: Strict', 'spread: Wide');
      await commit();
      const done = await run('kpt', ['fn', 'render', base, '--allow-exec'], { seconds: 120 });
      expect(done.code).toBe(1);
      expect(done.stdout + done.stderr).toMatch(/spec\.spread/);
      expect(await git('status', '--porcelain')).toBe('');
    },
    buildSeconds,
  );
});

suiteNeeding('kpt fn render with the image', [kptOnPath, engine], () => {
  let env: NodeJS.ProcessEnv = process.env;
  beforeAll(async () => {
    ({ env } = await functionImageReady());
  }, buildSeconds);

  test(
    'writes the same as the bundle',
    async () => {
      await kpt(env);
      const written = await changes();
      await git('checkout', '--quiet', '.');
      edit('Kptfile', /image: .*/, `exec: ${process.execPath} ${bundle}`);
      await kpt();
      edit('Kptfile', /exec: .*/, `image: ${functionImage()}`);
      expect(await changes()).toBe(written);
    },
    buildSeconds,
  );
});
