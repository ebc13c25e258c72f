// The component for clusters that have cert-manager, in an overlay as a user writes it.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  Certificate,
  type ICertificate,
  type IIssuer,
  Issuer,
} from '@kubernetes-models/cert-manager/cert-manager.io/v1';
import type { IDeployment } from 'kubernetes-models/apps/v1';
import { domainIn, namesFor } from '../../base/credentials/program/due.ts';
import type { KubernetesObject } from '../../scripts/lib/objects.ts';
import { buildSeconds, copyOfCheckout, renderFolder } from '../render/harness.ts';
import { typeFindings } from '../support/type-findings.ts';

const overlay = `
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
namespace: parcels
resources:
  - ../../base
components:
  - ../../components/cert-manager
transformers:
  - ../../base/topology
  - ../../components/cert-manager/names
`;

let objects: readonly KubernetesObject[] = [];
const { copy, remove } = copyOfCheckout();
const named = (kind: string, name: string): KubernetesObject | undefined =>
  objects.find((object) => object.kind === kind && object.metadata.name === name);
const certificate = (name: string): ICertificate => named('Certificate', name) as unknown as ICertificate;

beforeAll(async () => {
  mkdirSync(join(copy, 'overlays/mine'));
  writeFileSync(join(copy, 'overlays/mine/kustomization.yaml'), overlay);
  objects = (await renderFolder('overlays/mine', copy)).objects;
}, buildSeconds);
afterAll(remove);

const ofCertManager = (): KubernetesObject[] => objects.filter(({ apiVersion }) => apiVersion === 'cert-manager.io/v1');

test('every object is what cert-manager asks for, and a misspelt field would be seen', async () => {
  expect(
    ofCertManager()
      .map(({ kind, metadata }) => `${kind} ${metadata.namespace ?? ''}/${metadata.name}`)
      .sort(),
  ).toEqual([
    'Certificate parcels/elasticsearch-authority',
    'Certificate parcels/elasticsearch-tls',
    'Certificate parcels/kibana-tls',
    'Issuer parcels/elasticsearch-authority',
    'Issuer parcels/elasticsearch-authority-itself',
  ]);
  const models = '@kubernetes-models/cert-manager';
  expect(await typeFindings(ofCertManager(), models)).toEqual([]);
  for (const object of ofCertManager())
    (object.kind === 'Issuer'
      ? new Issuer(object as unknown as IIssuer)
      : new Certificate(object as unknown as ICertificate)
    ).validate();
  const wrong = {
    ...certificate('elasticsearch-tls'),
    spec: { ...certificate('elasticsearch-tls').spec, dnsName: [] },
  };
  expect(await typeFindings([wrong as unknown as KubernetesObject], models)).toEqual([
    expect.stringContaining('dnsName'),
  ]);
}, 120_000);

test.each(['elasticsearch-tls', 'kibana-tls'])(
  'the certificate of %s has the names that the program would give it',
  (name) => {
    const domain = domainIn('search parcels.svc.cluster.local svc.cluster.local\n', 'parcels');
    expect([...(certificate(name).spec.dnsNames ?? [])].sort()).toEqual(namesFor(name, 'parcels', domain).sort());
  },
);

test.each(['elasticsearch-tls', 'kibana-tls'])(
  'it fills the Secret %s that pods mount, signed by an authority that no pod mounts',
  (name) => {
    expect(certificate(name).spec.secretName).toBe(name);
    const issuer = named('Issuer', certificate(name).spec.issuerRef.name) as unknown as {
      spec: { ca?: { secretName: string } };
    };
    expect(issuer.spec.ca?.secretName).toBe(certificate('elasticsearch-authority').spec.secretName);
    const workloads = objects.filter(({ kind }) => ['StatefulSet', 'Deployment', 'DaemonSet', 'Job'].includes(kind));
    expect(JSON.stringify(workloads)).toContain(`"secretName":"${name}"`);
    expect(JSON.stringify(workloads)).not.toContain('"secretName":"elasticsearch-authority"');
  },
);

test('the authority outlives what it signs, and keeps its key when it is renewed', () => {
  const hours = (text: string | undefined): number => Number(text?.replace('h', ''));
  const [authority, leaf] = [certificate('elasticsearch-authority').spec, certificate('elasticsearch-tls').spec];
  expect(hours(authority.renewBefore)).toBeGreaterThan(hours(leaf.duration) + hours(leaf.renewBefore) - 1);
  expect(authority.privateKey?.rotationPolicy).toBe('Never');
  expect(leaf.usages).toEqual(expect.arrayContaining(['server auth', 'client auth']));
  // On transport the one who calls shows a certificate too: Kibana's is none for that.
  expect(certificate('kibana-tls').spec.usages).toEqual(expect.not.arrayContaining(['client auth']));
});

test('the program makes no certificates beside it', () => {
  const deployment = named('Deployment', 'credentials') as unknown as IDeployment;
  const containers = deployment.spec?.template.spec?.containers ?? [];
  expect(containers.map(({ name }) => name)).toEqual(['credentials']);
  expect(containers[0]?.env).toContainEqual({ name: 'MAKE_CERTIFICATES', value: 'no' });
});
