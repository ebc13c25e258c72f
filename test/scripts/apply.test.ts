// Client-side apply, server-side apply and `make deploy` in turn, before a real API server: nothing runs there, but
// defaults, conflicts and owners are real.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { scopesOf } from '../../scripts/lib/check/scope.ts';
import { apply, serverDiff } from '../../scripts/lib/cluster/apply.ts';
import { documentsOf, type KubernetesObject, parseManifests } from '../../scripts/lib/objects.ts';
import { root } from '../../scripts/lib/paths.ts';
import type { Finished } from '../../scripts/lib/process.ts';
import { committedManifests } from '../../scripts/lib/render/committed.ts';
import { apiServer, kubectl as kubectlProgram } from '../support/needs/programs.ts';
import { suiteNeeding } from '../support/needs/suite.ts';
import { checkout } from './support/checkout.ts';
import { kubectl, must, startTarget, type Target } from './support/kubectl.ts';

const limit = 120_000;

const clientSide = (text: string): Promise<string> => must(['apply', '-f', '-'], text);
const serverSide = (text: string): Promise<string> => must(['apply', '--server-side', '-f', '-'], text);
const deploy = (text: string): Promise<void> => apply(text, false);

/** By kind, namespace and name. */
const versions = async (text: string): Promise<string[]> => {
  const { items } = JSON.parse(await must(['get', '-o', 'json', '-f', '-'], text)) as {
    items: (KubernetesObject & { metadata: { resourceVersion: string } })[];
  };
  return items.map(
    ({ kind, metadata }) => `${kind} ${metadata.namespace ?? ''}/${metadata.name} ${metadata.resourceVersion}`,
  );
};

const isBudget = (text: string): boolean => parseManifests(text)[0]?.kind === 'PodDisruptionBudget';

/** The same with another value in three kinds of places, of which the last one is in the pod template. */
const changed = (text: string, value: number): string =>
  text
    .replace(/^ {2}labels:\n {4}app\.kubernetes\.io\//gm, `  labels:\n    changed: "v${value}"\n    app.kubernetes.io/`)
    .replace(/^ {2}minReadySeconds: 5$/m, `  minReadySeconds: ${value}`)
    .replace(/(name: READY_STALL_SECONDS\n +value: )"30"/, `$1"${value}"`);

/** What users' own overlays may be like: nothing is written out. */
const terse = (text: string): string =>
  text
    .replace(/^( +)fieldRef:\n +apiVersion: v1\n/gm, '$1fieldRef:\n')
    .replace(/^ {6}volumeMode: Filesystem\n {4}status:\n {6}phase: Pending\n/m, '');

const byAnother = (manifests: string): Promise<Finished> =>
  kubectl(['apply', '--server-side', '--field-manager=another', '--dry-run=server', '-f', '-'], manifests);

const components = readdirSync(join(root, 'components')).filter((name) =>
  readFileSync(join(root, 'components', name, 'kustomization.yaml'), 'utf8').includes('kind: Component'),
);

/** With the transformer that puts the namespace into its names, where it has one. */
const withComponent = (name: string): string => {
  const names = `components/${name}/names`;
  return (
    'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nnamespace: reviews-dev\nresources: [../dev]\n' +
    `components: [../../components/${name}]\n` +
    `transformers: [${existsSync(join(root, names)) ? `../../${names}, ` : ''}../dev/topology]\n`
  );
};

suiteNeeding('applied', [apiServer, kubectlProgram], () => {
  const prod = committedManifests('prod');
  let target: Target;
  beforeAll(async () => {
    target = await startTarget();
  }, 150_000);
  afterAll(() => target?.stop());

  test.each(['dev', 'prod'])(
    "%s on the client's side and again: every object is unchanged",
    async (overlay) => {
      const text = committedManifests(overlay);
      await clientSide(text);
      const first = await versions(text);
      const lines = (await clientSide(text)).trim().split('\n');
      expect(lines).toHaveLength(first.length);
      // kubectl sends the selector of a budget at each apply, whether it has changed or not; the API server then stores
      // nothing.
      const budgets = documentsOf(text)
        .filter(isBudget)
        .map((document) => `poddisruptionbudget.policy/${parseManifests(document)[0]?.metadata.name ?? ''} configured`);
      expect(lines.filter((line) => !line.endsWith(' unchanged')).sort()).toEqual(budgets.sort());
      expect(await versions(text)).toEqual(first);
    },
    limit,
  );

  test.each(['dev', 'prod'])(
    '%s lacks nothing that the API server fills in: whoever else applies the same has no conflict and no difference',
    async (overlay) => {
      const text = committedManifests(overlay);
      expect(await byAnother(text)).toMatchObject({ code: 0, stderr: '' });
      expect(await kubectl(['diff', '-f', '-'], text)).toMatchObject({ code: 0, stdout: '' });
      expect(await kubectl(['diff', '--server-side', '--field-manager=another', '-f', '-'], text)).toMatchObject({
        code: 0,
        stdout: '',
      });
      expect(await byAnother(terse(text))).toMatchObject({
        code: 1,
        stderr: expect.stringMatching(/volumeClaimTemplates[^]*fieldRef/),
      });
    },
    limit,
  );

  test.each(components)(
    'dev with components/%s lacks nothing either',
    async (component) => {
      const copy = checkout();
      try {
        copy.write({ 'overlays/with/kustomization.yaml': withComponent(component) });
        const { code, stdout, stderr } = await copy.command('render', 'with');
        expect({ code, stderr }).toEqual(expect.objectContaining({ code: 0 }));
        // What is as in dev was tried above, and what needs an operator can't be applied here.
        const known = new Set(documentsOf(committedManifests('dev')).map((document) => document.trim()));
        const scopeOf = await scopesOf(parseManifests(stdout));
        const own = documentsOf(stdout).filter((document) => !known.has(document.trim()));
        const text = own.filter((document) =>
          parseManifests(document).every((object) => scopeOf(object) !== 'not served'),
        );
        if (text.length === 0) return;
        await clientSide(text.join('---\n'));
        expect(await byAnother(text.join('---\n'))).toMatchObject({ code: 0, stderr: '' });
      } finally {
        copy.remove();
      }
    },
    limit,
  );

  test(
    "on the client's side, on the server's, and by make deploy in any order, each with another value",
    async () => {
      const ways = [clientSide, serverSide, deploy] as const;
      // Each follows each.
      for (const [index, way] of ([0, 1, 2, 0, 2, 1, 0] as const).entries()) {
        const wanted = changed(prod, 100 + index);
        await ways[way](wanted);
        const { items } = JSON.parse(await must(['-n', 'reviews', 'get', 'statefulset,service', '-o', 'json'])) as {
          items: KubernetesObject[];
        };
        expect(items.map(({ metadata }) => metadata.labels?.['changed'])).toEqual(items.map(() => `v${100 + index}`));
        const first = await versions(wanted);
        await ways[way](wanted);
        expect(await versions(wanted)).toEqual(first);
        expect(await serverDiff(wanted)).toBe('');
      }
      expect(await serverDiff(changed(prod, 99))).toContain('+  minReadySeconds: 99');
      // What is left out again is gone.
      await deploy(prod);
      expect(await must(['-n', 'reviews', 'get', 'service', '-l', 'changed', '-o', 'name'])).toBe('');
    },
    2 * limit,
  );

  test(
    'by kubectl apply first after make deploy: what was taken out in between goes with the next server-side apply',
    async () => {
      await must(['-n', 'reviews', 'delete', 'service', 'elasticsearch']);
      await deploy(changed(prod, 150));
      const { stderr } = await kubectl(['apply', '-f', '-'], prod);
      expect(stderr).toMatch(
        /services?\/elasticsearch is missing the kubectl.kubernetes.io\/last-applied-configuration/,
      );
      await serverSide(prod);
      expect(await must(['-n', 'reviews', 'get', 'service', '-l', 'changed', '-o', 'name'])).toBe('');
    },
    limit,
  );

  test(
    'by make deploy after kubectl apply, where the API server has added to what that has set',
    async () => {
      await must(['-n', 'reviews', 'delete', 'statefulset', 'elasticsearch']);
      await clientSide(terse(changed(prod, 201)));
      expect(await kubectl(['apply', '--server-side', '-f', '-'], terse(changed(prod, 202)))).toMatchObject({
        code: 1,
        stderr: expect.stringContaining('conflict'),
      });
      await deploy(terse(changed(prod, 202)));
      const first = await versions(prod);
      await deploy(terse(changed(prod, 202)));
      expect(await versions(prod)).toEqual(first);
    },
    limit,
  );

  test(
    'over what somebody else has changed only with FORCE: it says who, where and which field',
    async () => {
      await deploy(prod);
      await must(['-n', 'reviews', 'scale', 'statefulset', 'elasticsearch', '--replicas=7']);
      await must(['-n', 'reviews', 'label', '--overwrite', 'service', 'elasticsearch', 'app.kubernetes.io/part-of=x']);
      const refused = deploy(prod).catch(String);
      expect(await refused).toContain('StatefulSet reviews/elasticsearch: .spec.replicas, set by kubectl scale');
      expect(await refused).toContain(
        'Service reviews/elasticsearch: .metadata.labels.app.kubernetes.io/part-of, set by kubectl label',
      );
      await apply(prod, true);
      expect(await serverDiff(prod)).toBe('');
      await deploy(prod);
    },
    limit,
  );
});
