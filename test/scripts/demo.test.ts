// `make demo` with the real kubectl where no cluster is to be had. CLUSTER=current: nothing is ever started here.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { lookForCurrent } from '../../scripts/lib/cluster/current.ts';
import { root } from '../../scripts/lib/paths.ts';
import { type Finished, run } from '../../scripts/lib/process.ts';
import { freePort } from '../support/free-port.ts';
import { kubectl } from '../support/needs/programs.ts';
import { suiteNeeding } from '../support/needs/suite.ts';
import { besideTarget } from './support/beside-target.ts';

const limit = 120_000;

const demo = (env: NodeJS.ProcessEnv): Promise<Finished> =>
  run(process.execPath, ['--import', 'tsx', join(root, 'examples/demo.ts')], {
    cwd: root,
    env: { ...process.env, CLUSTER: 'current', ...env },
    seconds: 100,
  });

suiteNeeding('the demo without a cluster', [kubectl], () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'demo-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const withConfig = (name: string, text?: string): Promise<Finished> => {
    const file = join(folder, name);
    if (text !== undefined) writeFileSync(file, text);
    return demo({ KUBECONFIG: file });
  };

  test(
    'says that no context is chosen, and which ways there are',
    async () => {
      const { code, stderr } = await withConfig('none');
      expect({ code, stderr }).toEqual({
        code: 1,
        stderr: expect.stringMatching(/^Error: there is no cluster to show it on: kubectl has no current context\n/),
      });
      expect(stderr).toMatch(/\n {2}(make demo CLUSTER=kind {3}|a cluster in Docker, made by kind, is not possible)/);
      expect(stderr).toMatch(/\n {2}(make demo CLUSTER=lab {3}|the lab, a real Kubernetes on this machine, is not)/);
    },
    limit,
  );

  test(
    'says which context is chosen, and why its cluster does not answer',
    async () => {
      const server = `https://127.0.0.1:${await freePort()}`;
      const config = {
        apiVersion: 'v1',
        kind: 'Config',
        'current-context': 'gone',
        contexts: [{ name: 'gone', context: { cluster: 'gone', user: 'me' } }],
        users: [{ name: 'me', user: { token: 'x' } }],
        clusters: [{ name: 'gone', cluster: { server } }],
      };
      const { code, stderr } = await withConfig('gone', JSON.stringify(config));
      expect(code).toBe(1);
      expect(stderr).toMatch(/the cluster of the current context, gone, can't be used: .*refused/);
    },
    limit,
  );

  test(
    'says that the configuration of kubectl can not be read',
    async () => {
      const { code, stderr } = await withConfig('broken', 'a: b: c\n');
      expect(code).toBe(1);
      expect(stderr).toMatch(/kubectl can't say which cluster is meant: .*yaml/);
    },
    limit,
  );

  test(
    'says that kubectl is missing, and refuses what CLUSTER can not be',
    async () => {
      const { code, stderr } = await demo({ PATH: folder });
      expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining('kubectl is not on PATH') });
      const other = await demo({ CLUSTER: 'minikube' });
      expect({ code: other.code, stderr: other.stderr }).toEqual({
        code: 1,
        stderr: 'Error: CLUSTER must be one of current, kind, lab, but is "minikube"\n',
      });
    },
    limit,
  );
});

besideTarget('the cluster of the current context', () => {
  test('is there when it answers', async () => {
    expect(await lookForCurrent()).toEqual({ is: 'there', context: 'test' });
  });
});
