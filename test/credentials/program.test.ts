// The program as its container starts it, and what of it reaches the cluster.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { load } from 'js-yaml';
import type { IDeployment } from 'kubernetes-models/apps/v1';
import type { IService } from 'kubernetes-models/v1';
import { run } from '../../scripts/lib/process.ts';
import { agentNode } from '../agent/support/node.ts';
import { base } from './support/place.ts';
import { said } from './support/said.ts';

const deployment = load(readFileSync(join(base, 'deployment.yaml'), 'utf8')) as IDeployment;
const containers = deployment.spec?.template.spec?.containers ?? [];
const valuesOf = (name: string): Record<string, string> =>
  Object.fromEntries(
    (containers.find((one) => one.name === name)?.env ?? []).flatMap((one) =>
      one.value === undefined ? [] : [[one.name, one.value]],
    ),
  );

let node = '';
beforeAll(async () => {
  node = await agentNode();
}, 260_000);

test.each([
  ['SPREAD_SECONDS', 'soon', "SPREAD_SECONDS must be a whole number of seconds, but is 'soon'"],
  ['CERTIFICATE_DAYS', '', "CERTIFICATE_DAYS must be a whole number of days, but is ''"],
  ['CERTIFICATE_DAYS', '1000000', "CERTIFICATE_DAYS must be a whole number of days, but is '1000000'"],
  ['MAKE_CERTIFICATES', 'never', "MAKE_CERTIFICATES must be yes or no, but is 'never'"],
  ['ELASTICSEARCH_URL', 'http://x:9200', "ELASTICSEARCH_URL must be https://HOST:PORT, but is 'http://x:9200'"],
  ['POD_NAMESPACE', '', 'POD_NAMESPACE must be given, but is empty'],
  ['RENEW_BEFORE_DAYS', '365', 'RENEW_BEFORE_DAYS must be less than CERTIFICATE_DAYS'],
])(
  'it refuses %s=%j by name, before anything is done',
  async (name, value, says) => {
    const env = { HOSTNAME: 'credentials-0', POD_NAMESPACE: 'reviews', ...valuesOf('credentials'), [name]: value };
    const { code, stdout, stderr } = await run(node, [join(base, 'program/main.ts')], { env, seconds: 60 });
    expect({ code, stderr, warnings: said(stdout).warnings }).toEqual({
      code: 1,
      stderr: '',
      warnings: [expect.stringContaining(says)],
    });
  },
  90_000,
);

test('every file of it reaches the cluster, its bash stays small, and both containers know the same bound', () => {
  const kustomization = readFileSync(join(base, 'kustomization.yaml'), 'utf8');
  for (const folder of ['program', 'scripts']) {
    const listed = [...kustomization.matchAll(new RegExp(`- ${folder}/(\\S+)`, 'g'))].map(([, file]) => file);
    expect(new Set(listed)).toEqual(new Set(readdirSync(join(base, folder))));
  }
  expect(readFileSync(join(base, 'scripts/certutil.sh'), 'utf8').split('\n').length).toBeLessThan(70);
  expect(valuesOf('certutil')['CERTUTIL_SECONDS']).toBe(valuesOf('credentials')['CERTUTIL_SECONDS']);
});

test('DNS knows who serves, under the name that is asked for', () => {
  for (const [service, file] of Object.entries({
    'elasticsearch-nodes': 'elasticsearch/nodes-service.yaml',
    'kibana-instances': 'kibana/instances-service.yaml',
  })) {
    const { metadata, spec } = load(readFileSync(join(base, '..', file), 'utf8')) as IService;
    expect([metadata?.name, spec?.clusterIP]).toEqual([service, 'None']);
    expect(spec?.ports?.map(({ name }) => name)).toContain('https');
  }
});

test('no key and no token is where it is not needed', () => {
  const [credentials, certutil] = containers.map(({ volumeMounts = [] }) =>
    volumeMounts.map(({ name }) => name).sort(),
  );
  expect(credentials).toEqual(['api', 'certutil', 'lib', 'program', 'scripts', 'tmp']);
  expect(certutil).toEqual(['certutil', 'certutil-tmp', 'scripts']);
  const inMemory = (deployment.spec?.template.spec?.volumes ?? []).filter(({ emptyDir }) => emptyDir !== undefined);
  expect(inMemory.map(({ name, emptyDir }) => [name, emptyDir?.medium])).toEqual(
    ['certutil', 'tmp', 'certutil-tmp'].map((name) => [name, 'Memory']),
  );
});
