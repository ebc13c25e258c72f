// The program of components/gateway that gives a Gateway the authority of Kibana's certificate, before a real API
// server, with the account and the rights of its manifests.
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { type KubernetesObject, parseManifests } from '../../scripts/lib/objects.ts';
import { root } from '../../scripts/lib/paths.ts';
import { agentNode } from '../agent/support/node.ts';
import type { ApiServer } from '../support/api-server.ts';
import { besideApiServer } from '../support/beside-api-server.ts';
import { certificate } from '../support/certificate.ts';

const limit = 180_000;
const source = join(root, 'components/gateway/authority');
const rbac = '/apis/rbac.authorization.k8s.io/v1/namespaces';
const folders: Readonly<Record<string, (namespace: string) => string>> = {
  ServiceAccount: (namespace) => `namespaces/${namespace}/serviceaccounts`,
  Role: (namespace) => `${rbac}/${namespace}/roles`,
  RoleBinding: (namespace) => `${rbac}/${namespace}/rolebindings`,
};

besideApiServer('the authority of Kibana’s certificate', [], (server) => {
  let number = 0;
  let namespace = '';
  let token = '';
  let folder = '';
  let child: ChildProcess | undefined;
  let log = '';

  const file = (name: string): string => join(folder, name);
  const map = 'configmaps/kibana-authority';
  /** In one step, as the kubelet does it. */
  const mount = (text: string): void => {
    writeFileSync(file('ca.crt.new'), text);
    renameSync(file('ca.crt.new'), file('ca.crt'));
  };
  const stored = async (): Promise<string | undefined> => {
    const { status, body } = await server().send<{ data?: Record<string, string> }>({
      path: `namespaces/${namespace}/${map}`,
    });
    return status === 404 ? undefined : body.data?.['ca.crt'];
  };
  const until = async (holds: () => boolean | Promise<boolean>): Promise<void> => {
    const end = Date.now() + 120_000;
    while (!(await holds())) {
      if (Date.now() > end) throw new Error(`it did not come to that:\n${log}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };
  const start = async (env: Readonly<Record<string, string>> = {}): Promise<void> => {
    child = spawn(await agentNode(), [join(source, 'publish.ts')], {
      env: {
        CERTIFICATE: file('ca.crt'),
        TOKEN: file('token'),
        PUBLISHED: file('published'),
        PAUSE_SECONDS: '0.1',
        NODE_EXTRA_CA_CERTS: file('server.crt'),
        KUBERNETES_SERVICE_HOST: '127.0.0.1',
        KUBERNETES_SERVICE_PORT: String(server().port),
        POD_NAMESPACE: namespace,
        ...env,
      },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    child.stderr?.on('data', (text: Buffer) => {
      log += text.toString();
    });
  };

  const make = async (api: ApiServer): Promise<void> => {
    await api.must({ method: 'POST', path: 'namespaces', body: { metadata: { name: namespace } } });
    for (const object of parseManifests(readFileSync(join(source, 'account.yaml'), 'utf8'))) {
      const { subjects } = object as KubernetesObject & { subjects?: readonly object[] };
      const placed = subjects === undefined ? {} : { subjects: subjects.map((subject) => ({ ...subject, namespace })) };
      const path = folders[object.kind]?.(namespace) ?? '';
      await api.must({ method: 'POST', path, body: { ...object, ...placed } });
    }
    const { status } = await api.must<{ status: { token: string } }>({
      method: 'POST',
      path: `namespaces/${namespace}/serviceaccounts/kibana-authority/token`,
      body: { spec: { expirationSeconds: 3600 } },
    });
    token = status.token;
  };

  beforeEach(async () => {
    number += 1;
    namespace = `n-${number}`;
    log = '';
    await make(server());
    mkdirSync(join(server().folder, 'places'), { recursive: true });
    folder = mkdtempSync(join(server().folder, 'places/'));
    writeFileSync(file('token'), token);
    writeFileSync(file('server.crt'), server().certificate);
    mount(certificate().cert);
  }, limit);
  afterEach(() => {
    child?.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });

  test(
    'is in the ConfigMap, and follows the Secret: first both authorities, then the new one',
    async () => {
      const { cert } = certificate();
      await start();
      await until(() => existsSync(file('published')));
      expect(await stored()).toBe(cert);
      for (const next of [`${cert}\n${cert}`, `${cert}\n`]) {
        mount(next);
        await until(async () => (await stored()) === next);
      }
      expect(log.trim().split('\n')).toHaveLength(3);
    },
    limit,
  );

  test(
    'comes back when somebody has deleted it',
    async () => {
      await start({ AGAIN_SECONDS: '1' });
      await until(() => existsSync(file('published')));
      await server().must({ method: 'DELETE', path: `namespaces/${namespace}/${map}` });
      await until(async () => (await stored()) === certificate().cert);
    },
    limit,
  );

  test(
    'of somebody else is kept, and that is said once',
    async () => {
      const body = {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'kibana-authority' },
        data: { 'ca.crt': 'x' },
      };
      const type = 'application/apply-patch+yaml';
      await server().must({ method: 'PATCH', path: `namespaces/${namespace}/${map}?fieldManager=people`, type, body });
      await start();
      await until(() => log.includes('HTTP 409'));
      expect(log).toContain('somebody else has written it, and keeps it');
      await new Promise((resolve) => setTimeout(resolve, 500));
      expect(await stored()).toBe('x');
      expect(existsSync(file('published'))).toBe(false);
      expect(log.trim().split('\n')).toHaveLength(1);
    },
    limit,
  );

  test.each([
    ['a key beside it', () => certificate().cert + certificate().key],
    ['something else', () => 'hunter2'],
    ['nothing', () => ''],
  ])(
    'is not published with %s, and what was published stays',
    async (_, text) => {
      await start();
      await until(() => existsSync(file('published')));
      mount(text());
      await until(() => !existsSync(file('published')));
      expect(log).toContain('something else than certificates');
      expect(await stored()).toBe(certificate().cert);
    },
    limit,
  );

  test(
    'ends where it cannot trust the API server, to start anew with the authority of then',
    async () => {
      await start({ NODE_EXTRA_CA_CERTS: '' });
      await until(() => child?.exitCode === 1);
      expect(log).toMatch(/fetch failed: .*certificate/);
      expect(await stored()).toBeUndefined();
    },
    limit,
  );

  test(
    'waits for an API server that does not answer',
    async () => {
      await start({ KUBERNETES_SERVICE_PORT: '9' });
      await until(() => log.includes('fetch failed'));
      expect(child?.exitCode).toBeNull();
    },
    limit,
  );

  test(
    'is all that its account may write, and it may read nothing',
    async () => {
      const attempt = async (method: string, path: string, body?: object): Promise<number> => {
        const type = method === 'PATCH' ? 'application/apply-patch+yaml' : 'application/json';
        const wanted = { method, path: `namespaces/${namespace}/${path}`, type, token };
        return (await server().send(body === undefined ? wanted : { ...wanted, body })).status;
      };
      const named = (name: string, kind = 'ConfigMap'): object => ({ apiVersion: 'v1', kind, metadata: { name } });
      expect(await attempt('PATCH', `${map}?fieldManager=kibana-authority`, named('kibana-authority'))).toBe(201);
      expect(
        await attempt('PATCH', 'configmaps/elasticsearch-formed?fieldManager=x', named('elasticsearch-formed')),
      ).toBe(403);
      expect(await attempt('POST', 'configmaps', named('other'))).toBe(403);
      expect(await attempt('DELETE', map)).toBe(403);
      expect(await attempt('PATCH', 'secrets/kibana-tls?fieldManager=x', named('kibana-tls', 'Secret'))).toBe(403);
      expect(await attempt('GET', 'secrets/kibana-tls')).toBe(403);
      expect(await attempt('GET', 'configmaps')).toBe(403);
    },
    limit,
  );
});
