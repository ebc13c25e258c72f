// `make deploy` and `make undeploy` of an overlay that, by mistake, has prod's cluster-wide objects, before a real API
// server. Nothing runs there.
import { beforeAll, expect, test } from '@jest/globals';
import { besideTarget } from './support/beside-target.ts';
import { stagingOfItsOwn, stagingOverProd } from './support/checkout.ts';
import { asAccount, kubectl, must } from './support/kubectl.ts';

const limit = 240_000;
const clusterWide = (
  'clusterrole/elasticsearch-zone-lookup.reviews clusterrolebinding/elasticsearch-zone-lookup.reviews ' +
  'priorityclass/elasticsearch.reviews'
).split(' ');

const files = (of: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(of).map(([name, text]) => [`overlays/staging/${name}`, text]));

besideTarget('an overlay on prod with a namespace of its own', (bed) => {
  const ids = async (): Promise<string> => must(['get', ...clusterWide, '-o', 'jsonpath={.items[*].metadata.uid}']);
  /** The user's own command, which asks nobody whether it may. */
  const applyStaging = async (): Promise<void> => {
    const rendered = await bed.copy.command('render', 'staging');
    expect(rendered).toMatchObject({ code: 0 });
    await must(['apply', '-f', '-'], rendered.stdout);
  };

  beforeAll(async () => {
    bed.copy.write(files(stagingOverProd()));
    // It waits for pods that nobody starts here, and gives up after a second.
    expect(await bed.copy.command('deploy', 'prod')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('statefulset.apps/elasticsearch serverside-applied'),
    });
  }, 400_000);

  test(
    'is not deployed over prod, and nothing of it is applied',
    async () => {
      const { code, stderr } = await bed.copy.command('deploy', 'staging');
      expect(code).toBe(1);
      expect(stderr.replaceAll(/ +/g, ' ')).toContain(
        'error ClusterRoleBinding elasticsearch-zone-lookup.reviews gives rights to ' +
          'ServiceAccount reviews/elasticsearch, which a deploy would take away',
      );
      expect(stderr).toMatch(/error +PriorityClass elasticsearch.reviews belongs to namespace reviews/);
      expect(stderr).toContain('nothing was applied');
      expect((await kubectl(['get', 'namespace', 'reviews-staging'])).code).toBe(1);
    },
    limit,
  );

  test(
    'that was applied all the same does not take them along when it is undeployed: nothing is removed',
    async () => {
      await applyStaging();
      const there = await ids();
      const { code, stderr } = await bed.copy.command('undeploy', 'staging');
      expect(code).toBe(1);
      expect(stderr).toContain('nothing was removed');
      expect(stderr).toContain(
        'PriorityClass elasticsearch.reviews is used by others: StatefulSet reviews/elasticsearch.',
      );
      expect(stderr).toMatch(
        /ClusterRoleBinding elasticsearch-zone-lookup.reviews .* does not end in \.reviews-staging/,
      );
      expect(await ids()).toBe(there);
      expect(await must(['-n', 'reviews-staging', 'get', 'statefulset', '-o', 'name'])).toBe(
        'statefulset.apps/elasticsearch\n',
      );
    },
    limit,
  );

  test(
    'gives prod its binding back with the next deploy of prod, which says so',
    async () => {
      const { stderr } = await bed.copy.command('deploy', 'prod');
      expect(stderr).toContain(
        'warning ClusterRoleBinding elasticsearch-zone-lookup.reviews gives rights to ' +
          'ServiceAccount reviews-staging/elasticsearch',
      );
      expect(
        await must([
          'get',
          'clusterrolebinding',
          'elasticsearch-zone-lookup.reviews',
          '-o',
          'jsonpath={.subjects[*].namespace}',
        ]),
      ).toBe('reviews');
    },
    limit,
  );

  test(
    'can be undeployed once it has no objects of prod',
    async () => {
      const there = await ids();
      bed.copy.write(files(stagingOfItsOwn()));
      expect(await bed.copy.command('undeploy', 'staging')).toMatchObject({
        code: 0,
        stderr: expect.stringContaining('Removed; the data is kept'),
      });
      expect(await ids()).toBe(there);
      expect(await must(['-n', 'reviews-staging', 'get', 'statefulset', '-o', 'name'])).toBe('');
    },
    limit,
  );

  test(
    'nobody who may not see who uses them can undeploy prod',
    async () => {
      await must(['create', 'serviceaccount', 'narrow', '-n', 'reviews']);
      await must(['create', 'clusterrolebinding', 'narrow', '--clusterrole=narrow', '--serviceaccount=reviews:narrow']);
      await must([
        'create',
        'clusterrole',
        'narrow',
        '--verb=get,list,delete',
        '--resource=clusterroles,clusterrolebindings,priorityclasses',
      ]);
      await must(['create', 'role', 'all', '-n', 'reviews', '--verb=*', '--resource=*.*']);
      await must(['create', 'rolebinding', 'narrow', '-n', 'reviews', '--role=all', '--serviceaccount=reviews:narrow']);
      const token = (await must(['create', 'token', 'narrow', '-n', 'reviews'])).trim();
      await asAccount(bed.target, token, async () => {
        const { code, stderr } = await bed.copy.command('undeploy', 'prod');
        expect(code).toBe(1);
        expect(stderr).toMatch(/PriorityClass elasticsearch.reviews .* who uses it can't be found out: .*forbidden/);
      });
      expect((await ids()).split(' ')).toHaveLength(3);
    },
    limit,
  );

  test(
    'prod itself can be undeployed, with what is cluster-wide, and without its namespace',
    async () => {
      expect(await bed.copy.command('undeploy', 'prod')).toMatchObject({ code: 0 });
      for (const object of clusterWide) expect((await kubectl(['get', object])).stderr).toContain('NotFound');
      expect(await must(['get', 'namespace', 'reviews', '-o', 'name'])).toBe('namespace/reviews\n');
    },
    limit,
  );
});
