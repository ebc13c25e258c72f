// `make expand-storage` as it is run, interrupted where it may be. With a real API server and Kubernetes' own
// controllers; there is no kubelet and no driver: the test says of claims that they are bound, and how large they are.
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { IStatefulSet } from 'kubernetes-models/apps/v1';
import type { IPersistentVolumeClaim, IPod } from 'kubernetes-models/v1';
import { type Finished, which } from '../../scripts/lib/process.ts';
import { startControllerManager } from '../support/controller-manager.ts';
import { apiServer, controllerManager, kubectl as kubectlProgram } from '../support/needs/programs.ts';
import { suiteNeeding } from '../support/needs/suite.ts';
import { type Checkout, checkout } from './support/checkout.ts';
import { must, startTarget, type Target } from './support/kubectl.ts';
import { until } from './support/until.ts';

const limit = 240_000;
const prod = ['-n', 'reviews'];
const names = [0, 1, 2].map((ordinal) => `data-elasticsearch-${ordinal}`);

const storageClass = (allowVolumeExpansion: boolean): string =>
  JSON.stringify({
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: { name: 'fast', annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } },
    provisioner: 'example.com/none',
    allowVolumeExpansion,
  });

/** Another size, and where it is given another image of the agent. */
const over = (size: string, more = ''): Record<string, string> => ({
  'overlays/larger/kustomization.yaml':
    'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nnamespace: reviews\nresources: [../prod]\n' +
    'patches:\n  - target: { kind: StatefulSet, name: elasticsearch }\n    patch: |\n' +
    '      - op: replace\n        path: /spec/volumeClaimTemplates/0/spec/resources/requests/storage\n' +
    `        value: ${size}\n${more}transformers: [../prod/topology]\n`,
});
const restarting = '      - op: add\n        path: /spec/template/metadata/annotations\n        value: { a: "1" }\n';

suiteNeeding('expand-storage', [apiServer, controllerManager, kubectlProgram], () => {
  let target: Target;
  let copy: Checkout;
  let stopControllers: () => Promise<void>;

  const json = async <Value>(...args: readonly string[]): Promise<Value> =>
    JSON.parse(await must([...prod, 'get', ...args, '-o', 'json'])) as Value;
  const setNow = (): Promise<IStatefulSet> => json<IStatefulSet>('statefulset', 'elasticsearch');
  const asked = async (): Promise<string[]> =>
    Promise.all(
      names.map(async (name) =>
        String((await json<IPersistentVolumeClaim>('pvc', name)).spec?.resources?.requests?.['storage']),
      ),
    );
  const uids = async (): Promise<string[]> =>
    (await json<{ items: IPod[] }>('pods', '-l', 'app.kubernetes.io/name=elasticsearch')).items.map(
      ({ metadata }) => `${metadata?.name} ${metadata?.uid}`,
    );
  /** What a driver would say. */
  const sizeTo = async (size: string, some: readonly string[] = names): Promise<void> => {
    const status = JSON.stringify({ status: { phase: 'Bound', capacity: { storage: size } } });
    for (const name of some)
      await must([...prod, 'patch', 'pvc', name, '--subresource=status', '--type=merge', '-p', status]);
  };
  const expand = (wait = 100) => copy.command('expand-storage', 'larger', '1', wait);
  /** While the API server refuses what matches, from that time on. */
  const expandRefused = async (pattern: string, from: number): Promise<Finished> => {
    const folder = mkdtempSync(join(tmpdir(), 'refused-'));
    symlinkSync(join(__dirname, 'support/kubectl-that-is-refused'), join(folder, 'kubectl'));
    const path = process.env['PATH'] ?? '';
    Object.assign(process.env, { REAL_KUBECTL: which('kubectl'), REFUSED: pattern, REFUSED_FROM: String(from) });
    process.env['PATH'] = `${folder}:${path}`;
    try {
      return await expand();
    } finally {
      process.env['PATH'] = path;
      rmSync(folder, { recursive: true, force: true });
    }
  };

  beforeAll(async () => {
    target = await startTarget();
    stopControllers = startControllerManager(target.server);
    copy = checkout();
    await must(['create', '-f', '-'], storageClass(false));
    copy.write(over('200Gi'));
    // It waits for pods that nobody starts here, and gives up after a second.
    await copy.command('deploy', 'prod');
    await until(
      'claims and pods',
      async () => (await asked()).every((size) => size === '100Gi') && (await uids()).length === 3,
    );
    await sizeTo('100Gi');
  }, 300_000);
  afterAll(async () => {
    copy?.remove();
    await stopControllers?.();
    await target?.stop();
  });

  test(
    'is what a deploy names that has other templates; nothing is applied',
    async () => {
      const { code, stderr } = await copy.command('deploy', 'larger');
      expect(code).toBe(1);
      expect(stderr).toMatch(/error +claim template data has 100Gi in the cluster, and 200Gi.*make expand-storage/);
      expect(stderr).toContain('nothing was applied');
    },
    limit,
  );

  test(
    'changes nothing where the class does not allow it',
    async () => {
      const { code, stderr } = await expand();
      expect({ code, stderr }).toEqual({
        code: 1,
        stderr: expect.stringMatching(/nothing was changed:[^]*fast, which does not/),
      });
      expect(await asked()).toEqual(['100Gi', '100Gi', '100Gi']);
      await must(['apply', '-f', '-'], storageClass(true));
    },
    limit,
  );

  test(
    'changes nothing where the overlay would restart pods, too',
    async () => {
      copy.write(over('200Gi', restarting));
      const { code, stderr } = await expand();
      copy.write(over('200Gi'));
      expect({ code, stderr }).toEqual({
        code: 1,
        stderr: expect.stringMatching(/nothing was changed: .*template\.metadata/),
      });
      expect(await asked()).toEqual(['100Gi', '100Gi', '100Gi']);
    },
    limit,
  );

  test(
    'asks before it makes anything larger',
    async () => {
      const { code, stderr } = await copy.command('expand-storage', 'larger', '', 1);
      expect({ code, stderr }).toEqual({
        code: 1,
        stderr: expect.stringMatching(/nobody can be asked here: say YES=1/),
      });
      expect(await asked()).toEqual(['100Gi', '100Gi', '100Gi']);
    },
    limit,
  );

  test(
    'goes on where some claims were asked already; waits for volumes that have not grown, and says so',
    async () => {
      const half = await expandRefused(' patch persistentvolumeclaim ', 2);
      expect({ code: half.code, stderr: half.stderr }).toEqual({
        code: 1,
        stderr: expect.stringMatching(/is refused by the test\n1 of 3 claims ask for more by now. Run this again/),
      });
      expect(await asked()).toEqual(['200Gi', '100Gi', '100Gi']);
      const { code, stderr } = await expand(1);
      expect(stderr.match(/Claim data-elasticsearch-\d asks for 200Gi/g)).toEqual(
        [1, 2].map((ordinal) => `Claim data-elasticsearch-${ordinal} asks for 200Gi`),
      );
      expect({ code, stderr }).toEqual({
        code: 1,
        stderr: expect.stringMatching(/not all volumes have grown after 1 s/),
      });
      expect(await asked()).toEqual(['200Gi', '200Gi', '200Gi']);
      expect((await setNow()).spec?.volumeClaimTemplates?.[0]?.spec?.resources?.requests?.['storage']).toBe('100Gi');
    },
    limit,
  );

  test(
    'goes on where a run was interrupted between the deletion and the new StatefulSet; no pod is touched',
    async () => {
      const before = await uids();
      await sizeTo('200Gi');
      const half = await expandRefused(' apply (.*--dry-run)?', 2);
      expect({ code: half.code, stderr: half.stderr }).toEqual({
        code: 1,
        stderr: expect.stringMatching(/There is no StatefulSet elasticsearch now: pods run on.*Run this again/),
      });
      await expect(setNow()).rejects.toThrow('not found');
      const { code, stderr } = await expand();
      expect({ code, stderr }).toEqual({
        code: 0,
        stderr: expect.stringMatching(/3 claims have their size[^]*3 pods run on, none was restarted/),
      });
      expect((await setNow()).spec?.volumeClaimTemplates?.[0]?.spec?.resources?.requests?.['storage']).toBe('200Gi');
      expect(await uids()).toEqual(before);
    },
    limit,
  );

  test(
    'once done, changes nothing; a deploy has nothing against it, and a smaller size is refused',
    async () => {
      const before = [await uids(), (await setNow()).metadata?.uid];
      const { code, stderr } = await expand();
      expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringMatching(/3 pods run on, none was restarted/) });
      expect((await copy.command('deploy', 'larger')).stderr).toMatch(/ok +claims are as large as the overlay says/);
      expect([await uids(), (await setNow()).metadata?.uid]).toEqual(before);
      copy.write(over('50Gi'));
      expect((await expand()).stderr).toMatch(/nothing was changed:[^]*makes no claim smaller/);
      expect(await asked()).toEqual(['200Gi', '200Gi', '200Gi']);
    },
    limit,
  );

  test(
    'in one go: larger again, the StatefulSet is another one, and its pods are the same',
    async () => {
      copy.write(over('300Gi'));
      const before = [await uids(), (await setNow()).metadata?.uid];
      const growing = setInterval(() => void sizeTo('300Gi').catch(() => undefined), 200);
      try {
        expect(await expand()).toEqual(expect.objectContaining({ code: 0 }));
      } finally {
        clearInterval(growing);
      }
      const after = [await uids(), (await setNow()).metadata?.uid];
      expect(after[0]).toEqual(before[0]);
      expect(after[1]).not.toBe(before[1]);
      expect(await asked()).toEqual(['300Gi', '300Gi', '300Gi']);
    },
    limit,
  );
});
