// Kibana's manifests and settings, held against what its image and its source ask for.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { load } from 'js-yaml';
import type { IDeployment } from 'kubernetes-models/apps/v1';
import type { IConfigMap, IContainer, IPodSpec, IService } from 'kubernetes-models/v1';
import type { KubernetesObject } from '../../scripts/lib/objects.ts';
import { quantityOf } from '../../scripts/lib/quantity.ts';
import { buildSeconds, renderFolder, root } from '../render/harness.ts';
import { refused, settings } from './settings.ts';

/** As Kibana reads it: `a: {b: c}` and `a.b: c` are the same. */
const flat = (value: unknown, path = ''): [string, unknown][] =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.entries(value).flatMap(([key, part]) => flat(part, path === '' ? key : `${path}.${key}`))
    : [[path, value]];

const problems = (text: string): string[] =>
  flat(load(text)).flatMap(([name, value]) => {
    if (refused[name] !== undefined) return [`${name} is refused: ${refused[name]}`];
    const setting = settings[name];
    if (setting === undefined) return [`${name} is in no table of settings that exist`];
    return setting.accepts(value) ? [] : [`${name} does not accept ${JSON.stringify(value)}`];
  });

const file = readFileSync(join(root, 'base/kibana/kibana.yml'), 'utf8');

describe('kibana.yml', () => {
  test('has only settings that Kibana 9.5 has, with values that it accepts', () => {
    expect(problems(file)).toEqual([]);
    for (const { source } of Object.values(settings))
      expect(source).toMatch(/^https:\/\/(github\.com\/elastic\/kibana\/blob|www\.elastic\.co\/docs)\//);
    // Nor is there a setting in the table that nothing needs.
    expect(Object.keys(settings).sort()).toEqual(
      flat(load(file))
        .map(([name]) => name)
        .sort(),
    );
  });

  test.each([
    ['xpack.fleet.enabled: true', 'xpack.fleet.enabled is refused'],
    ['server: {host: a, hosts: b}', 'server.hosts is in no table'],
    ['server.shutdownTimeout: 3m', 'server.shutdownTimeout does not accept "3m"'],
    ['elasticsearch.username: elastic', 'elasticsearch.username does not accept "elastic"'],
    ['uiSettings.overrides.defaultRoute: //elsewhere.example', 'uiSettings.overrides.defaultRoute does not accept'],
    ['uiSettings: {overrides: {"dateFormat:tz": Amsterdam}}', 'uiSettings.overrides.dateFormat:tz does not accept'],
  ])('a mistake would be seen: %s', (line, problem) => {
    expect(problems(line).join('\n')).toContain(problem);
  });

  test('takes from variables what the start script sets, and nothing else', () => {
    const taken = [...file.replaceAll(/^#.*$/gm, '').matchAll(/\$\{(\w+)\}/g)].map(([, name]) => name ?? '');
    const script = readFileSync(join(root, 'base/kibana/scripts/run.sh'), 'utf8');
    const exported = /^export (.*)$/m.exec(script.replaceAll('export LC_ALL=C', ''))?.[1]?.split(' ') ?? [];
    expect(taken.sort()).toEqual([...exported, 'POD_NAME'].sort());
  });

  test('the first page is the dashboard that the set-up imports', () => {
    const route = flat(load(file)).find(([name]) => name === 'uiSettings.overrides.defaultRoute')?.[1];
    const imported = readFileSync(join(root, 'base/reviews/dashboard/saved-objects.ndjson'), 'utf8').trim().split('\n');
    const dashboards = imported
      .map((line) => JSON.parse(line) as { type: string; id: string })
      .filter(({ type }) => type === 'dashboard');
    expect(dashboards.map(({ id }) => `/app/dashboards#/view/${id}`)).toEqual([route]);
  });
});

describe.each(['dev', 'prod'])('in overlay %s', (overlay) => {
  let objects: readonly KubernetesObject[] = [];
  beforeAll(async () => {
    ({ objects } = await renderFolder(`overlays/${overlay}`));
  }, buildSeconds);
  const named = (kind: string, name: string): KubernetesObject | undefined =>
    objects.find((object) => object.kind === kind && object.metadata.name === name);
  const pod = (): IPodSpec => (named('Deployment', 'kibana') as unknown as IDeployment).spec?.template.spec as IPodSpec;
  const kibana = (): IContainer => pod().containers[0] as IContainer;
  const secretsOf = ({ volumes = [] }: IPodSpec): Record<string, string[] | undefined> =>
    Object.fromEntries(
      volumes.flatMap(({ secret }) =>
        secret === undefined ? [] : [[secret.secretName ?? '', secret.items?.map(({ key }) => key)]],
      ),
    );

  test('it has 2 GiB, request and limit the same', () => {
    const { requests, limits } = kibana().resources ?? {};
    expect(quantityOf(limits?.['memory'] ?? 0)).toBe(2 * 2 ** 30);
    expect(requests?.['memory']).toBe(limits?.['memory']);
  });

  test('its delay and its own limit for ending fit into the grace period', () => {
    const command = kibana().lifecycle?.preStop?.exec?.command ?? [];
    expect(command).toEqual(['sleep', expect.stringMatching(/^\d+$/)]);
    const own = Number(/server\.shutdownTimeout: (\d+)s/.exec(file)?.[1]);
    expect(Number(command[1])).toBeGreaterThanOrEqual(5);
    expect(Number(command[1]) + own + 5).toBeLessThanOrEqual(pod().terminationGracePeriodSeconds ?? 30);
  });

  test('it reads no key of a node, and no login but its own', () => {
    expect(secretsOf(pod())).toEqual({
      'elasticsearch-tls': ['ca.crt'],
      'kibana-tls': ['tls.crt', 'tls.key'],
      'elasticsearch-user-kibana': ['username', 'password'],
      'kibana-encryption-keys': undefined,
    });
  });

  test('no secret is a variable of the pod, and none is a setting that the image would put on the command line', () => {
    const names = (kibana().env ?? []).map(({ name, valueFrom }) => {
      expect(valueFrom?.secretKeyRef).toBeUndefined();
      return name;
    });
    for (const name of names)
      expect(name).not.toMatch(
        /^(SERVER|ELASTICSEARCH|XPACK|STATUS|TELEMETRY|NEWSFEED|MAP|UISETTINGS|LOGGING|PATH|I18N)_/,
      );
  });

  test('the script takes the place of the image’s command, not of its entrypoint, and finds every folder', () => {
    expect(kibana().command).toBeUndefined();
    expect(kibana().args).toEqual(['bash', '/opt/kibana/run.sh']);
    const mounts = (kibana().volumeMounts ?? []).map(({ mountPath }) => mountPath);
    expect(mounts).toContain('/opt/kibana');
    for (const name of ['AUTHORITY', 'TLS', 'LOGIN', 'KEYS'])
      expect(mounts).toContain(kibana().env?.find((one) => one.name === name)?.value);
    const scripts = objects.find(
      ({ kind, metadata }) => kind === 'ConfigMap' && metadata.name.startsWith('kibana-scripts-'),
    ) as IConfigMap | undefined;
    expect(Object.keys(scripts?.data ?? {}).sort()).toEqual(['follow.sh', 'run.sh']);
    for (const path of file.matchAll(/\/usr\/share\/kibana\/[a-z]+(?=\/)/g)) expect(mounts).toContain(path[0]);
  });

  test('instances find each other by a headless Service that has only those that are ready', () => {
    const name = kibana().env?.find((one) => one.name === 'INSTANCES')?.value ?? '';
    const { spec } = named('Service', name) as unknown as IService;
    const labels = (named('Deployment', 'kibana') as unknown as IDeployment).spec?.template.metadata?.labels ?? {};
    expect(spec?.clusterIP).toBe('None');
    expect(spec?.publishNotReadyAddresses ?? false).toBe(false);
    expect(labels).toMatchObject(spec?.selector ?? { none: '' });
  });

  test('the import trusts Kibana’s authority, and waits for no Kibana', () => {
    const setup = named('Deployment', 'reviews-setup') as unknown as IDeployment;
    const { volumes = [], containers = [] }: Partial<IPodSpec> = setup.spec?.template.spec ?? {};
    const importer = containers.find(({ name }) => name === 'dashboard');
    const folder = importer?.env?.find(({ name }) => name === 'CA_FILE')?.value?.replace(/\/ca\.crt$/, '');
    const volume = importer?.volumeMounts?.find(({ mountPath }) => mountPath === folder)?.name;
    expect(volumes.find(({ name }) => name === volume)?.secret).toEqual({
      secretName: 'kibana-tls',
      optional: true,
      items: [{ key: 'ca.crt', path: 'ca.crt' }],
    });
  });
});
