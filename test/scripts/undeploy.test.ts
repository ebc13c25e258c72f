// `make undeploy` promises what Kubernetes' own controllers then do to the claims, or refuses. With a real API server
// and real controllers; pods stay pending, since there is no kubelet.
import { writeFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { IPersistentVolumeClaim } from 'kubernetes-models/v1';
import { startControllerManager } from '../support/controller-manager.ts';
import { freePort } from '../support/free-port.ts';
import { terminal } from '../support/needs/machine.ts';
import { apiServer, controllerManager, kubectl as kubectlProgram } from '../support/needs/programs.ts';
import { suiteNeeding } from '../support/needs/suite.ts';
import { withAnotherContext } from './support/another-context.ts';
import { archiveOverProd, type Checkout, checkout } from './support/checkout.ts';
import { asAccount, kubectl, must, startTarget, type Target } from './support/kubectl.ts';
import { until } from './support/until.ts';

const limit = 240_000;
const dev = ['-n', 'reviews-dev'];
const prod = ['-n', 'reviews'];
const claim = 'data-elasticsearch-0';

const owners = async (namespace: readonly string[]): Promise<string[]> => {
  const { metadata } = JSON.parse(
    await must([...namespace, 'get', 'pvc', claim, '-o', 'json']),
  ) as IPersistentVolumeClaim;
  return (metadata?.ownerReferences ?? []).map(({ kind }) => kind);
};

const untilOwners = (namespace: readonly string[], ...kinds: string[]): Promise<void> =>
  until(
    `${claim} is owned by ${kinds.join() || 'nothing'}`,
    async () => (await owners(namespace)).join() === kinds.join(),
  );

const say = async (namespace: readonly string[], whenDeleted: 'Retain' | 'Delete'): Promise<void> => {
  const spec = { persistentVolumeClaimRetentionPolicy: { whenDeleted } };
  await must([...namespace, 'patch', 'statefulset', 'elasticsearch', '-p', JSON.stringify({ spec })]);
};

suiteNeeding('undeploy', [apiServer, controllerManager, kubectlProgram, terminal], () => {
  let target: Target;
  let copy: Checkout;
  let stopControllers: () => Promise<void>;
  const stands = async (namespace: readonly string[]): Promise<boolean> =>
    (await must([...namespace, 'get', 'statefulset,serviceaccount', '-o', 'name'])).includes('statefulset');
  /** Nothing of dev was removed, and it says why. */
  const refused = async (yes: string, why: RegExp): Promise<void> => {
    const { code, stderr } = await copy.command('undeploy', 'dev', yes);
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringMatching(why) });
    expect(await stands(dev)).toBe(true);
    expect((await kubectl([...dev, 'get', 'pvc', claim])).code).toBe(0);
  };

  beforeAll(async () => {
    target = await startTarget();
    stopControllers = startControllerManager(target.server);
    copy = checkout();
    // They wait for pods that nobody starts here, and give up after a second.
    for (const overlay of ['dev', 'prod'])
      expect(await copy.command('deploy', overlay)).toMatchObject({
        code: 1,
        stderr: expect.stringContaining('statefulset.apps/elasticsearch serverside-applied'),
      });
    await untilOwners(dev, 'StatefulSet');
    await untilOwners(prod);
  }, 400_000);
  afterAll(async () => {
    copy?.remove();
    await stopControllers?.();
    await target?.stop();
  });

  test(
    'deletes no data for YES=1, nor for the name of another namespace',
    async () => {
      await refused('1', /YES=1 is not enough where data is deleted. Name what goes: YES=reviews-dev/);
      await refused('reviews', /YES must be reviews-dev, but is "reviews"/);
      await refused('', /nobody can be asked here: say YES=reviews-dev/);
    },
    limit,
  );

  test.each([
    ['yes', 'yes\n'],
    ['the name of another namespace', 'reviews\n'],
    ['nothing', '\n'],
    ['the end of the input', ''],
  ])(
    'deletes no data where somebody is asked for its namespace and types %s',
    async (_, input) => {
      const { code, stdout } = await copy.typed('undeploy', 'dev', () => input);
      expect(stdout).toMatch(/^Context test\r?\n/m);
      expect(stdout).toContain(`The data is deleted for ever: the claims (${claim}), the Secrets, and the whole`);
      expect(stdout).toContain("from namespace reviews-dev of context test? Type the namespace's name, reviews-dev,");
      expect({ code, stdout }).toEqual({ code: 1, stdout: expect.stringContaining('Error: nothing was removed') });
      expect(await stands(dev)).toBe(true);
    },
    limit,
  );

  test(
    'deletes no data where the cluster has changed while somebody was asked, nor asks another cluster then',
    async () => {
      const file = process.env['KUBECONFIG'] ?? '';
      const { code, stdout } = await copy.typed('undeploy', 'dev', async () => {
        await must([...dev, 'create', 'deployment', 'somebody-elses', '--image=x']);
        // As another terminal does.
        writeFileSync(file, withAnotherContext(target.server.kubeconfig(), await freePort()));
        return 'reviews-dev\n';
      });
      writeFileSync(file, target.server.kubeconfig());
      expect({ code, stdout }).toEqual({
        code: 1,
        stdout: expect.stringMatching(/nothing was removed:\s+namespace reviews-dev, .* Deployment .*\/somebody-elses/),
      });
      expect(await stands(dev)).toBe(true);
      await must([...dev, 'delete', 'deployment', 'somebody-elses']);
    },
    limit,
  );

  test(
    'refuses where the cluster says Retain and the overlay Delete',
    async () => {
      await say(dev, 'Retain');
      await refused(
        'reviews-dev',
        /overlay says whenDeleted: Delete, but StatefulSet reviews-dev\/elasticsearch in the cluster says Retain/,
      );
      await untilOwners(dev);
      await must([...dev, 'delete', 'statefulset', 'elasticsearch', '--cascade=orphan']);
      const { code, stderr } = await copy.command('undeploy', 'dev', 'reviews-dev');
      expect({ code, stderr }).toEqual({
        code: 1,
        stderr: expect.stringMatching(/nothing would end elasticsearch-0: [^]*nothing owns data-elasticsearch-0, and/),
      });
      expect(await must([...dev, 'get', 'pvc', claim, '-o', 'name'])).toContain(claim);
      await copy.command('deploy', 'dev');
      await untilOwners(dev, 'StatefulSet');
    },
    limit,
  );

  test(
    'refuses where what it needs to know may not be read',
    async () => {
      await must(['create', 'serviceaccount', 'narrow', '-n', 'reviews-dev']);
      const account = '--serviceaccount=reviews-dev:narrow';
      const rules = ['--verb=get,list,delete,watch', '--resource=statefulsets.apps,pods,serviceaccounts,services'];
      await must(['create', 'role', 'narrow', ...dev, ...rules]);
      await must(['create', 'rolebinding', 'narrow', ...dev, '--role=narrow', account]);
      const token = (await must(['create', 'token', 'narrow', ...dev])).trim();
      await asAccount(target, token, async (administrator) => {
        const asNarrow = () => copy.command('undeploy', 'dev', 'reviews-dev');
        const asAdmin = (...args: string[]) => must(['--kubeconfig', administrator, ...args]);
        expect(await asNarrow()).toMatchObject({
          code: 1,
          stderr: expect.stringMatching(/persistentvolumeclaims.*orbidden/s),
        });
        await asAdmin('create', 'role', 'claims', ...dev, '--verb=get,list', '--resource=persistentvolumeclaims');
        await asAdmin('create', 'rolebinding', 'claims', ...dev, '--role=claims', account);
        await asAdmin(...dev, 'patch', 'pvc', claim, '-p', '{"spec":{"volumeName":"pv-0"}}');
        expect(await asNarrow()).toMatchObject({
          code: 1,
          stderr: expect.stringMatching(/PersistentVolume pv-0 can't be looked at, .*orbidden/),
        });
      });
      expect(await stands(dev)).toBe(true);
    },
    limit,
  );

  test(
    'says which volume keeps the data, and removes all that it said when the name is typed',
    async () => {
      const volume = {
        apiVersion: 'v1',
        kind: 'PersistentVolume',
        metadata: { name: 'pv-0' },
        spec: {
          accessModes: ['ReadWriteOnce'],
          capacity: { storage: '2Gi' },
          hostPath: { path: '/nowhere' },
          persistentVolumeReclaimPolicy: 'Retain',
        },
      };
      await must(['create', '-f', '-'], JSON.stringify(volume));
      const { code, stdout } = await copy.typed('undeploy', 'dev', () => 'reviews-dev\n');
      expect(stdout).toContain(`Stays   PersistentVolume pv-0, with the data of ${claim} on it`);
      expect(stdout).toContain(`Deleted, but for the volumes above: the claims (${claim}), the Secrets, and the whole`);
      expect({ code, stdout }).toEqual({
        code: 0,
        stdout: expect.stringContaining('the data stays on the volumes above'),
      });
      expect((await kubectl(['get', 'namespace', 'reviews-dev'])).stderr).toContain('NotFound');
      expect(await must(['get', 'persistentvolume', '-o', 'name'])).toBe('persistentvolume/pv-0\n');
    },
    limit,
  );

  test(
    'refuses where the cluster says Delete and the overlay Retain, also as long as a claim is still owned',
    async () => {
      await say(prod, 'Delete');
      await untilOwners(prod, 'StatefulSet');
      const refusal = await copy.command('undeploy', 'prod');
      expect(refusal).toMatchObject({
        code: 1,
        stderr: expect.stringMatching(/whenDeleted: Retain, but .* says Delete/),
      });
      await stopControllers();
      await say(prod, 'Retain');
      const stillOwned = await copy.command('undeploy', 'prod');
      expect(stillOwned).toMatchObject({
        code: 1,
        stderr: expect.stringMatching(
          /claim data-elasticsearch-0 would be deleted .*owned by StatefulSet elasticsearch/,
        ),
      });
      expect(await stands(prod)).toBe(true);
      stopControllers = startControllerManager(target.server);
      await untilOwners(prod);
    },
    limit,
  );

  test(
    'keeps the claims that it said it keeps, for YES=1, and the next deploy says that it takes them',
    async () => {
      const files = archiveOverProd();
      copy.write(Object.fromEntries(Object.entries(files).map(([name, text]) => [`overlays/archive/${name}`, text])));
      await must(['create', '-f', '-'], files['claim.yaml']);
      const claims = await must([...prod, 'get', 'pvc', '-o', 'jsonpath={.items[*].metadata.uid}']);
      expect(await copy.command('undeploy', 'archive')).toMatchObject({
        code: 0,
        stderr: expect.stringMatching(/Stays {3}PersistentVolumeClaim reviews\/archive\n[^]*Removed; the data is kept/),
      });
      expect(await stands(prod)).toBe(false);
      // Time for the garbage collector, which deletes later than the command does.
      await new Promise((resolve) => setTimeout(resolve, 3000));
      expect(await must([...prod, 'get', 'pvc', '-o', 'jsonpath={.items[*].metadata.uid}'])).toBe(claims);
      expect(await copy.command('doctor', 'prod')).toMatchObject({
        code: 0,
        stdout: expect.stringMatching(/warning no node runs, and claims of an earlier deploy are there: data-elastic/),
      });
    },
    limit,
  );
});
