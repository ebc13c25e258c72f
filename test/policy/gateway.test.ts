// components/gateway, in an overlay as its README writes it, against the CRDs of the Gateway API: their schema always,
// and a real API server with them where there is one. And components/ingress, which is the same for older clusters.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Ajv } from 'ajv';
import { load } from 'js-yaml';
import type { IDeployment } from 'kubernetes-models/apps/v1';
import type { IIngress } from 'kubernetes-models/networking.k8s.io/v1';
import type { IRole } from 'kubernetes-models/rbac.authorization.k8s.io/v1';
import type { IService } from 'kubernetes-models/v1';
import { namesFor } from '../../base/credentials/program/due.ts';
import { type KubernetesObject, label, parseManifests } from '../../scripts/lib/objects.ts';
import { buildSeconds, copyOfCheckout, renderFolder, root } from '../render/harness.ts';
import { kubectl, must, startTarget, type Target } from '../scripts/support/kubectl.ts';
import { apiServer } from '../support/needs/programs.ts';
import { suiteNeeding } from '../support/needs/suite.ts';
import { crds, strictSchema } from './gateway-api/crds.ts';
import { schemaFindings } from './schema.ts';

interface HttpRoute {
  readonly spec: {
    readonly parentRefs: readonly { readonly name: string; readonly namespace: string }[];
    readonly hostnames: readonly string[];
    readonly rules: readonly { readonly backendRefs: readonly { readonly name: string; readonly port: number }[] }[];
  };
}

interface BackendTls {
  readonly spec: {
    readonly targetRefs: readonly { readonly kind: string; readonly name: string }[];
    readonly validation: {
      readonly hostname: string;
      readonly caCertificateRefs: readonly { readonly kind: string; readonly name: string }[];
    };
  };
}

const { copy, remove } = copyOfCheckout();
afterAll(remove);

/** The overlay that the README of a component shows, on prod. */
const render = async (component: string): Promise<readonly KubernetesObject[]> => {
  const readme = readFileSync(join(root, 'components', component, 'README.md'), 'utf8');
  const example = /```yaml\n([\s\S]*?)```/.exec(readme)?.[1] ?? '';
  const folder = `overlays/with-${component}`;
  mkdirSync(join(copy, folder));
  writeFileSync(
    join(copy, folder, 'kustomization.yaml'),
    'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nnamespace: parcels\nresources: [../prod]\n' +
      `transformers: [../prod/topology]\n${example}`,
  );
  return (await renderFolder(folder, copy)).objects;
};

const publicUrl = (objects: readonly KubernetesObject[]): string | undefined => {
  const kibana = objects.find(({ kind, metadata }) => kind === 'Deployment' && metadata.name === 'kibana');
  const [container] = (kibana as unknown as IDeployment).spec?.template.spec?.containers ?? [];
  return container?.env?.find(({ name }) => name === 'SERVER_PUBLICBASEURL')?.value;
};

describe('an overlay with components/gateway', () => {
  let objects: readonly KubernetesObject[] = [];
  beforeAll(async () => {
    objects = await render('gateway');
  }, buildSeconds);
  const named = (kind: string, name: string): KubernetesObject => {
    const found = objects.find((object) => object.kind === kind && object.metadata.name === name);
    if (found === undefined) throw new Error(`there is no ${kind} ${name}`);
    return found;
  };
  const ofGateway = (): KubernetesObject[] =>
    objects.filter(({ apiVersion }) => apiVersion.startsWith('gateway.networking.k8s.io/'));
  const ofComponent = (): KubernetesObject[] =>
    objects.filter(({ metadata }) => metadata.labels?.['app.kubernetes.io/name'] === 'kibana-authority');
  const route = (): HttpRoute => named('HTTPRoute', 'kibana') as unknown as HttpRoute;
  const policy = (): BackendTls => named('BackendTLSPolicy', 'kibana') as unknown as BackendTls;

  const findings = async (object: KubernetesObject): Promise<string[]> => {
    const ajv = new Ajv({ strict: false, allErrors: true, logger: false });
    const validate = ajv.compile(strictSchema(await crds(), object));
    return validate(object)
      ? []
      : (validate.errors ?? []).map(
          ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
        );
  };

  test(
    'has what the Gateway API asks for, and what the Kubernetes API asks for',
    async () => {
      expect(ofGateway().map(label)).toEqual(['BackendTLSPolicy parcels/kibana', 'HTTPRoute parcels/kibana']);
      for (const object of ofGateway()) expect(await findings(object)).toEqual([]);
      expect(ofComponent().length).toBeGreaterThan(5);
      expect(await schemaFindings(ofComponent())).toEqual([]);
    },
    buildSeconds,
  );

  test.each([
    [
      'BackendTLSPolicy',
      { validation: { hostname: '*.kibana', caCertificateRefs: [] } },
      /hostname must match pattern/,
    ],
    ['BackendTLSPolicy', { targetRef: [] }, /targetRef"/],
    ['HTTPRoute', { hostnames: ['https://reviews.company.example'] }, /hostnames\/0 must match pattern/],
    ['HTTPRoute', { rules: [{ backendRef: [] }] }, /backendRef"/],
  ])(
    'whose %s had a mistake would be seen: %j',
    async (kind, change, expected) => {
      const { spec, ...object } = named(kind, 'kibana') as KubernetesObject & { readonly spec: object };
      const wrong = { ...object, spec: { ...spec, ...change } };
      expect((await findings(wrong)).join('\n')).toMatch(expected);
    },
    buildSeconds,
  );

  test('sends people from the platform’s Gateway to Kibana, by the address that Kibana knows', () => {
    expect(route().spec.parentRefs).toEqual([expect.objectContaining({ namespace: 'gateways', name: 'public' })]);
    expect(route().spec.hostnames.map((host) => `https://${host}`)).toEqual([publicUrl(objects)]);
    const [backend] = route().spec.rules[0]?.backendRefs ?? [];
    const { spec } = named('Service', backend?.name ?? '') as unknown as IService;
    expect(spec?.ports?.map(({ port }) => port)).toEqual([backend?.port]);
    expect(policy().spec.targetRefs.map(({ kind, name }) => [kind, name])).toEqual([['Service', backend?.name]]);
  });

  test('holds Kibana’s certificate against a name that it has in every namespace', () => {
    expect(namesFor('kibana-tls', 'parcels', 'cluster.local')).toContain(policy().spec.validation.hostname);
  });

  test('trusts the authority that its program publishes, which may write that and mounts no key', () => {
    expect(policy().spec.validation.caCertificateRefs).toEqual([
      { group: '', kind: 'ConfigMap', name: 'kibana-authority' },
    ]);
    const program = readFileSync(join(root, 'components/gateway/authority/publish.ts'), 'utf8');
    expect(program).toContain("const name = 'kibana-authority';");
    const { rules } = named('Role', 'kibana-authority') as unknown as IRole;
    expect(rules).toEqual([
      { apiGroups: [''], resources: ['configmaps'], resourceNames: ['kibana-authority'], verbs: ['create', 'patch'] },
    ]);
    const pod = (named('Deployment', 'kibana-authority') as unknown as IDeployment).spec?.template.spec;
    expect(pod?.volumes?.flatMap(({ secret }) => (secret === undefined ? [] : [secret]))).toEqual([
      { secretName: 'kibana-tls', items: [{ key: 'ca.crt', path: 'ca.crt' }] },
    ]);
    expect(pod?.automountServiceAccountToken).toBe(false);
  });

  test('is all that is there for the whole cluster: nothing', () => {
    expect(objects.filter(({ metadata }) => metadata.namespace !== 'parcels').map(label)).toEqual([
      'Namespace parcels',
    ]);
  });

  suiteNeeding('before a real API server', [apiServer], () => {
    let target: Target;
    beforeAll(async () => {
      target = await startTarget();
      for (const crd of await crds()) await must(['apply', '--server-side', '-f', '-'], JSON.stringify(crd));
      await must(['wait', '--for=condition=Established', '--timeout=60s', 'crd', '--all']);
      const namespace = parseManifests(readFileSync(join(root, 'overlays/prod/namespace.yaml'), 'utf8'))[0];
      const own = { ...namespace, metadata: { ...namespace?.metadata, name: 'parcels' } };
      await must(['apply', '-f', '-'], JSON.stringify(own));
    }, 300_000);
    afterAll(() => target?.stop());

    const listOf = (items: readonly object[]): string => JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
    const dryRun = (items: readonly object[], ...more: string[]) =>
      kubectl(
        ['apply', '--server-side', '--dry-run=server', '--validate=strict', '--warnings-as-errors', ...more, '-f', '-'],
        listOf(items),
      );

    test('every object is taken, without a warning', async () => {
      const all = [...ofGateway(), ...ofComponent()];
      const { code, stdout, stderr } = await dryRun(all);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout.trim().split('\n')).toHaveLength(all.length);
    }, 60_000);

    test('nothing is missing that the API server fills in: who else applies the same has no conflict', async () => {
      const all = [...ofGateway(), ...ofComponent()];
      await must(['apply', '-f', '-'], listOf(all));
      expect(await dryRun(all, '--field-manager=another')).toMatchObject({ code: 0, stderr: '' });
    }, 60_000);

    test('what only the API server can see is seen: two kinds of trust at once', async () => {
      const both = { ...policy().spec.validation, wellKnownCACertificates: 'System' };
      const { code, stderr } = await dryRun([{ ...policy(), spec: { ...policy().spec, validation: both } }]);
      expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining('must not contain both') });
    }, 60_000);
  });
});

test(
  'an overlay with components/ingress has an Ingress of its address, and no word of a controller that it does not name',
  async () => {
    const plain = load(readFileSync(join(root, 'components/ingress/ingress.yaml'), 'utf8')) as KubernetesObject;
    expect(plain.metadata.annotations).toBeUndefined();
    const objects = await render('ingress');
    const ingress = objects.find(({ kind }) => kind === 'Ingress');
    if (ingress === undefined) throw new Error('there is no Ingress');
    expect(await schemaFindings([ingress])).toEqual([]);
    const { spec } = ingress as unknown as IIngress;
    expect(spec?.rules?.map(({ host }) => `https://${host}`)).toEqual([publicUrl(objects)]);
    expect(spec?.tls?.[0]?.hosts).toEqual(spec?.rules?.map(({ host }) => host));
  },
  buildSeconds,
);
