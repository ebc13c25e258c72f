// Two environments in one Kubernetes cluster, by `make deploy` and `make undeploy`, before a real API server. Nothing
// runs there.
import { beforeAll, expect, test } from '@jest/globals';
import { besideTarget } from './support/beside-target.ts';
import { stagingOver } from './support/checkout.ts';
import { asAccount, kubectl, must } from './support/kubectl.ts';

const limit = 240_000;
const head = 'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n';

const names = '../../../components/zone-lookup/names';

const inOverlay = (overlay: string, of: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(of).map(([name, text]) => [`overlays/${overlay}/${name}`, text]));

/** It waits for pods that nobody starts here, and gives up after a second. */
const applied = { code: 1, stderr: expect.stringContaining('statefulset.apps/elasticsearch serverside-applied') };

const kinds =
  'statefulsets,deployments,services,configmaps,serviceaccounts,roles,rolebindings,networkpolicies,' +
  'poddisruptionbudgets';
/** Every object of prod, and whether it is the same as before. */
const ofProd = async (): Promise<string[]> => {
  const fields = '{.kind} {.metadata.name} {.metadata.uid} {.metadata.resourceVersion}';
  const listed = await must(['-n', 'reviews', 'get', kinds, '-o', `jsonpath={range .items[*]}${fields}{"\\n"}{end}`]);
  return listed.trim().split('\n').sort();
};

besideTarget('an overlay on prod with a namespace of its own', (bed) => {
  beforeAll(async () => {
    bed.copy.write(inOverlay('staging', stagingOver('../prod')));
    expect(await bed.copy.command('deploy', 'prod')).toMatchObject(applied);
  }, 400_000);

  test(
    'is deployed beside prod and undeployed again, and no object of prod changes',
    async () => {
      const before = await ofProd();
      expect(before.length).toBeGreaterThan(30);
      expect(await bed.copy.command('deploy', 'staging')).toMatchObject(applied);
      expect(await must(['-n', 'reviews-staging', 'get', 'statefulset', '-o', 'name'])).toBe(
        'statefulset.apps/elasticsearch\n',
      );
      expect(await ofProd()).toEqual(before);

      expect(await bed.copy.command('undeploy', 'staging')).toMatchObject({
        code: 0,
        stderr: expect.stringContaining('Removed; the data is kept'),
      });
      expect(await must(['-n', 'reviews-staging', 'get', kinds, '-o', 'name'])).toBe('');
      expect(await ofProd()).toEqual(before);
    },
    limit,
  );
});

// The function knows the kinds that people share by mistake, and refuses to render them. Of a kind that it does not
// know, the commands look at what the cluster has.
besideTarget('an overlay that by mistake has a cluster-wide object of another one', (bed) => {
  const own = ['clusterrole/elasticsearch-zone-lookup.reviews', 'clusterrolebinding/elasticsearch-zone-lookup.reviews'];
  const shared = 'storageclass/fast.reviews';
  const ids = async (): Promise<string> => must(['get', ...own, shared, '-o', 'jsonpath={.items[*].metadata.uid}']);

  beforeAll(async () => {
    bed.copy.write({
      ...inOverlay('production', {
        'kustomization.yaml':
          `${head}namespace: reviews\nresources: [../prod, class.yaml]\n` +
          'components: [../../components/zone-lookup]\ntransformers: [topology]\n',
        'class.yaml':
          'apiVersion: storage.k8s.io/v1\nkind: StorageClass\nmetadata: {name: fast.reviews}\n' +
          'provisioner: disks.example\nreclaimPolicy: Delete\nvolumeBindingMode: Immediate\n',
        'topology/kustomization.yaml': `${head}resources: [${names}, ../../../base/topology]\n`,
      }),
      ...inOverlay('staging', stagingOver('../production')),
    });
    expect(await bed.copy.command('deploy', 'production')).toMatchObject(applied);
    const claim = {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name: 'archive', namespace: 'reviews' },
      spec: {
        storageClassName: 'fast.reviews',
        accessModes: ['ReadWriteOnce'],
        resources: { requests: { storage: '1Gi' } },
      },
    };
    await must(['create', '-f', '-'], JSON.stringify(claim));
  }, 400_000);

  test(
    'is not deployed, and nothing of it is applied',
    async () => {
      const { code, stderr } = await bed.copy.command('deploy', 'staging');
      expect(code).toBe(1);
      expect(stderr).toMatch(/error +StorageClass fast\.reviews belongs to namespace reviews/);
      expect(stderr).toContain('nothing was applied');
      expect((await kubectl(['get', 'namespace', 'reviews-staging'])).code).toBe(1);
    },
    limit,
  );

  test(
    'does not take it along when it is undeployed, although it was applied all the same: nothing is removed',
    async () => {
      // The user's own command, which asks nobody whether it may.
      const rendered = await bed.copy.command('render', 'staging');
      expect(rendered).toEqual(expect.objectContaining({ code: 0 }));
      await must(['apply', '-f', '-'], rendered.stdout);
      const there = await ids();
      const { code, stderr } = await bed.copy.command('undeploy', 'staging');
      expect(code).toBe(1);
      expect(stderr).toContain('nothing was removed');
      expect(stderr).toContain(
        'StorageClass fast.reviews is used by others: PersistentVolumeClaim reviews/archive. Let them use one',
      );
      expect(await ids()).toBe(there);
      expect(await must(['-n', 'reviews-staging', 'get', 'statefulset', '-o', 'name'])).toBe(
        'statefulset.apps/elasticsearch\n',
      );
    },
    limit,
  );

  test(
    'is not undeployed either where nobody uses it, as its name says whose it is',
    async () => {
      await must(['-n', 'reviews', 'patch', 'pvc', 'archive', '-p', '{"metadata":{"finalizers":null}}']);
      await must(['-n', 'reviews', 'delete', 'pvc', 'archive']);
      const { code, stderr } = await bed.copy.command('undeploy', 'staging');
      expect(code).toBe(1);
      expect(stderr).toMatch(/StorageClass fast\.reviews .* does not end in \.reviews-staging/);
    },
    limit,
  );

  test(
    'can be undeployed once it has none, with what is its own for the whole cluster',
    async () => {
      const there = await ids();
      const { 'kustomization.yaml': text = '' } = stagingOver('../production');
      const without =
        "patches:\n  - patch: '{$patch: delete, apiVersion: storage.k8s.io/v1, kind: StorageClass, " +
        "metadata: {name: fast.reviews}}'\n";
      bed.copy.write(inOverlay('staging', { 'kustomization.yaml': text + without }));
      expect(await bed.copy.command('undeploy', 'staging')).toMatchObject({
        code: 0,
        stderr: expect.stringContaining('Removed; the data is kept'),
      });
      expect(await ids()).toBe(there);
      expect(await must(['-n', 'reviews-staging', 'get', 'statefulset', '-o', 'name'])).toBe('');
      expect((await kubectl(['get', 'clusterrole/elasticsearch-zone-lookup.reviews-staging'])).stderr).toContain(
        'NotFound',
      );
    },
    limit,
  );

  test(
    'nobody who may not see who uses them can undeploy the other one',
    async () => {
      await must(['create', 'serviceaccount', 'narrow', '-n', 'reviews']);
      await must(['create', 'clusterrolebinding', 'narrow', '--clusterrole=narrow', '--serviceaccount=reviews:narrow']);
      await must([
        'create',
        'clusterrole',
        'narrow',
        '--verb=get,list,delete',
        '--resource=clusterroles,clusterrolebindings,storageclasses',
      ]);
      await must(['create', 'role', 'all', '-n', 'reviews', '--verb=*', '--resource=*.*']);
      await must(['create', 'rolebinding', 'narrow', '-n', 'reviews', '--role=all', '--serviceaccount=reviews:narrow']);
      const token = (await must(['create', 'token', 'narrow', '-n', 'reviews'])).trim();
      await asAccount(bed.target, token, async () => {
        const { code, stderr } = await bed.copy.command('undeploy', 'production');
        expect(code).toBe(1);
        expect(stderr).toMatch(/StorageClass fast\.reviews .* who uses it can't be found out: .*forbidden/);
      });
      expect((await ids()).split(' ')).toHaveLength(3);
    },
    limit,
  );

  test(
    'the other one can be undeployed, with what is cluster-wide, and without its namespace',
    async () => {
      expect(await bed.copy.command('undeploy', 'production')).toEqual(expect.objectContaining({ code: 0 }));
      for (const object of [...own, shared]) expect((await kubectl(['get', object])).stderr).toContain('NotFound');
      expect(await must(['get', 'namespace', 'reviews', '-o', 'name'])).toBe('namespace/reviews\n');
    },
    limit,
  );
});
