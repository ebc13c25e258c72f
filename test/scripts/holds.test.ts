// Why an object is still there, at a real API server with real controllers.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { whatHolds } from '../../scripts/lib/cluster/holds.ts';
import { startControllerManager } from '../support/controller-manager.ts';
import { apiServer, controllerManager, kubectl as kubectlProgram } from '../support/needs/programs.ts';
import { suiteNeeding } from '../support/needs/suite.ts';
import { must, startTarget, type Target } from './support/kubectl.ts';
import { until } from './support/until.ts';

const limit = 240_000;

suiteNeeding('what holds', [apiServer, controllerManager, kubectlProgram], () => {
  let target: Target;
  let stopControllers: () => Promise<void>;
  beforeAll(async () => {
    target = await startTarget();
    stopControllers = startControllerManager(target.server);
  }, 400_000);
  afterAll(async () => {
    await stopControllers?.();
    await target?.stop();
  });

  test(
    'what holds a namespace that is being deleted is named',
    async () => {
      const held = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'held' } };
      const holder = {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'holder', namespace: 'held', finalizers: ['example.com/held'] },
      };
      await must(['create', '-f', '-'], JSON.stringify(held));
      await must(['create', '-f', '-'], JSON.stringify(holder));
      expect(await whatHolds([held])).toEqual([]);
      await must(['delete', 'namespace', 'held', '--wait=false']);
      let lines: string[] = [];
      await until('its controller says so', async () => {
        lines = await whatHolds([held, { ...holder, kind: 'Secret' }]);
        return lines.join().includes('example.com/held');
      });
      expect(lines).toEqual([expect.stringMatching(/^Namespace held is not gone: .*example\.com\/held in 1 resource/)]);
      expect(await whatHolds([holder])).toEqual(['ConfigMap held/holder is not gone: it waits for example.com/held']);
      await must(['-n', 'held', 'patch', 'configmap', 'holder', '-p', '{"metadata":{"finalizers":null}}']);
      await until('it is gone', async () => (await whatHolds([held])).length === 0);
    },
    limit,
  );
});
