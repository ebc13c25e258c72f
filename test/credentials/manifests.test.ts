// What the rendered manifests must not hold, and what they must.

import { beforeAll, describe, expect, test } from '@jest/globals';
import type { IDeployment } from 'kubernetes-models/apps/v1';
import type { ICronJob } from 'kubernetes-models/batch/v1';
import type { IRole } from 'kubernetes-models/rbac.authorization.k8s.io/v1';
import type { IPodSpec } from 'kubernetes-models/v1';
import type { KubernetesObject } from '../../scripts/lib/objects.ts';
import { committedManifests } from '../../scripts/lib/render/committed.ts';
import { listOverlays } from '../../scripts/lib/render/overlays.ts';
import { buildSeconds, renderFolder, root } from '../render/harness.ts';

interface Workload {
  readonly name: string;
  readonly pod: IPodSpec;
}

interface Template {
  readonly template?: { readonly spec?: IPodSpec };
}

/** Also what a CronJob makes a Job of. */
const workloadsOf = (objects: readonly KubernetesObject[]): Workload[] =>
  objects.flatMap((object) => {
    const { spec } = object as { spec?: Template & { jobTemplate?: { spec?: Template } } };
    const pod = (spec?.template ?? spec?.jobTemplate?.spec?.template)?.spec;
    return pod === undefined ? [] : [{ name: object.metadata.name, pod }];
  });

const containersOf = ({ pod }: Workload) => [...(pod.initContainers ?? []), ...pod.containers];

/** Text that looks like a secret, with the line that holds it. */
const secretsIn = (text: string): string[] =>
  text.split('\n').filter(
    (line) =>
      /-----BEGIN [A-Z ]*PRIVATE KEY/.test(line) ||
      // A value written out; the name of a Secret is none.
      (/^\s*-?\s*"?[\w.-]*(?:password|passwd|token|api[_-]?key|secret)"?\s*:\s*["']?[^\s"'{[|>]{8,}/i.test(line) &&
        !/\$\{/.test(line)) ||
      /\{SSHA256\}[A-Za-z0-9+/=]{20}/.test(line) ||
      /:\/\/[^\s/:@$]+:[^\s/@$]+@/.test(line),
  );

describe.each(['dev', 'prod'])('overlay %s', (overlay) => {
  let objects: readonly KubernetesObject[] = [];
  let text = '';
  beforeAll(async () => {
    ({ objects, text } = await renderFolder(`overlays/${overlay}`));
  }, buildSeconds);

  test('holds no secret', () => {
    expect(objects.filter(({ kind }) => kind === 'Secret')).toEqual([]);
    expect(secretsIn(text)).toEqual([]);
  });

  test('gives containers no password as a plain value', () => {
    const plain = workloadsOf(objects).flatMap((workload) =>
      containersOf(workload).flatMap(({ env = [] }) =>
        env
          .filter(({ name, value }) => value !== undefined && value !== '' && /PASSWORD|TOKEN|_KEY$/.test(name))
          .map(({ name }) => `${workload.name} ${name}`),
      ),
    );
    expect(plain).toEqual([]);
  });

  test("gives the superuser's password to the container that makes the keystore alone, not by its environment", () => {
    const name = 'elasticsearch-user-elastic';
    expect(
      JSON.stringify(
        workloadsOf(objects)
          .flatMap(containersOf)
          .map(({ env, envFrom }) => [env, envFrom]),
      ),
    ).not.toContain(name);
    const holders = workloadsOf(objects).flatMap((workload) => {
      const volumes = new Set(
        (workload.pod.volumes ?? [])
          .filter((volume) => JSON.stringify(volume).includes(`"${name}"`))
          .map((volume) => volume.name),
      );
      return containersOf(workload)
        .filter(({ volumeMounts = [] }) => volumeMounts.some((mount) => volumes.has(mount.name)))
        .map((container) => `${workload.name}/${container.name}`);
    });
    expect(holders).toEqual(['elasticsearch/node-keystore']);
  });

  test('has the login of erase in a template alone, of which nothing runs until somebody erases', () => {
    const holders = workloadsOf(objects).filter(({ pod }) => JSON.stringify(pod).includes('elasticsearch-user-erase'));
    expect(holders.map(({ name }) => name)).toEqual(['reviews-erase']);
    const template = objects.find(({ metadata }) => metadata.name === 'reviews-erase') as KubernetesObject & ICronJob;
    expect(template.kind).toBe('CronJob');
    expect(template.spec?.suspend).toBe(true);
    const job = template.spec?.jobTemplate.spec;
    expect(job).toMatchObject({ backoffLimit: 0, template: { spec: { restartPolicy: 'Never' } } });
    expect(job?.activeDeadlineSeconds).toBeLessThanOrEqual(900);
    expect(job?.ttlSecondsAfterFinished).toBeLessThanOrEqual(300);
    const [container, ...others] = job?.template.spec?.containers ?? [];
    expect(others).toEqual([]);
    // The id comes over the standard input, which is closed when whoever gives it is gone.
    expect(container).toMatchObject({ stdin: true, stdinOnce: true });
    expect(container?.command).toEqual(['node', '/opt/reviews/setup/erase.ts']);
    expect(container?.args).toBeUndefined();
  });

  test("mounts the authority's key nowhere", () => {
    const secrets = workloadsOf(objects).flatMap(({ pod }) =>
      (pod.volumes ?? []).flatMap(({ secret, projected }) => [
        secret?.secretName,
        ...(projected?.sources ?? []).map((source) => source.secret?.name),
      ]),
    );
    expect(secrets).toContain('elasticsearch-tls');
    expect(secrets).not.toContain('elasticsearch-ca');
    expect(JSON.stringify(workloadsOf(objects))).not.toContain('"elasticsearch-ca"');
  });

  test('mounts no Secret as a single file, which would never change in a running pod', () => {
    const single = workloadsOf(objects).flatMap((workload) => {
      const secrets = new Set(
        (workload.pod.volumes ?? [])
          .filter(({ secret, projected }) => secret !== undefined || projected !== undefined)
          .map(({ name }) => name),
      );
      return containersOf(workload).flatMap(({ volumeMounts = [] }) =>
        volumeMounts.filter(({ name, subPath }) => subPath !== undefined && secrets.has(name)),
      );
    });
    expect(single).toEqual([]);
  });

  test("gives an account's token to those alone who ask the API server", () => {
    const withToken = workloadsOf(objects).flatMap((workload) => {
      const { name, pod } = workload;
      const tokens = new Set(
        (pod.volumes ?? [])
          .filter(({ projected }) => projected?.sources?.some(({ serviceAccountToken }) => serviceAccountToken))
          .map((volume) => volume.name),
      );
      return containersOf(workload)
        .filter(
          ({ volumeMounts = [] }) =>
            pod.automountServiceAccountToken !== false || volumeMounts.some((mount) => tokens.has(mount.name)),
        )
        .map((container) => `${name}/${container.name}`);
    });
    expect(withToken.sort()).toEqual(['credentials/credentials', 'elasticsearch/agent']);
  });

  test('gives the node its key, and the agent the login and not the key', () => {
    const node = workloadsOf(objects).find(({ name }) => name === 'elasticsearch');
    const secretsOf = (container: string): string[] => {
      const mounts = node === undefined ? [] : containersOf(node).find(({ name }) => name === container)?.volumeMounts;
      return (node?.pod.volumes ?? [])
        .filter(({ name }) => mounts?.some((mount) => mount.name === name))
        .flatMap(({ secret }) =>
          secret === undefined
            ? []
            : [`${secret.secretName}${(secret.items ?? []).map(({ key }) => ` ${key}`).join('')}`],
        )
        .sort();
    };
    expect(secretsOf('agent')).toEqual(['elasticsearch-tls ca.crt', 'elasticsearch-user-operations']);
    expect(secretsOf('elasticsearch')).toEqual(['elasticsearch-tls', 'elasticsearch-users']);
  });

  test('grants rights by name only, and none to change what is not its own', () => {
    const roles = objects.filter((object): object is typeof object & IRole => object.kind === 'Role');
    for (const rule of roles.flatMap(({ rules = [] }) => rules)) {
      expect(JSON.stringify(rule)).not.toContain('*');
      // A namespaced Role can grant the reading of its own namespace only.
      if (rule.resources?.join() !== 'namespaces') expect(rule.resourceNames ?? []).not.toEqual([]);
      expect(['get', 'create', 'patch']).toEqual(expect.arrayContaining([...rule.verbs]));
    }
  });

  test('keeps old logins longer than any pod may take to end, since a pod that is ending gets no new ones', () => {
    const credentials = objects.find(
      ({ kind, metadata }) => kind === 'Deployment' && metadata.name === 'credentials',
    ) as unknown as IDeployment;
    const env = new Map(
      (credentials.spec?.template.spec?.containers[0]?.env ?? []).map(({ name, value }) => [name, Number(value)]),
    );
    const graces = workloadsOf(objects).map(({ pod }) => pod.terminationGracePeriodSeconds ?? 30);
    expect(env.get('KEEP_PREVIOUS_SECONDS')).toBeGreaterThan(Math.max(...graces) + (env.get('SPREAD_SECONDS') ?? 0));
    expect(env.get('SPREAD_SECONDS')).toBeGreaterThanOrEqual(120);
  });
});

test('the scan sees a secret', () => {
  for (const line of [
    '  password: hunter2hunter2',
    '    -----BEGIN RSA PRIVATE KEY-----',
    'ingest:{SSHA256}rAzWoh8dZho=eYOFV/p1x7E/aTbBethhNqHsRyC7',
    'url: https://elastic:changeme@host:9200',
    'api_key: abcdefgh12345',
  ])
    expect(secretsIn(line)).toEqual([line]);
});

test('the committed manifests hold none either', () => {
  for (const overlay of listOverlays(root)) expect(secretsIn(committedManifests(overlay))).toEqual([]);
});
