// What the client sends to the API server, and what it makes of the answers.
import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type KubernetesClient, kubernetesClient } from '../../base/elasticsearch/agent/kubernetes.ts';
import { readSettings } from '../../base/elasticsearch/agent/settings.ts';
import { certificate } from '../support/certificate.ts';
import { type Handler, TestServer } from '../support/test-server.ts';
import { environment } from './support/environment.ts';

let folder: string;
let server: TestServer;
let handler: Handler;
let client: KubernetesClient;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'kubernetes-'));
  mkdirSync(join(folder, 'account/..1'), { recursive: true });
  symlinkSync('..1', join(folder, 'account/..data'));
  writeFileSync(join(folder, 'account/..1/ca.crt'), certificate().cert);
  writeFileSync(join(folder, 'account/..1/token'), 'the-token\n');
  handler = () => undefined;
  server = await TestServer.start(() => handler);
  client = kubernetesClient(readSettings(environment(folder, { kubernetesPort: server.port })), 2);
});
afterEach(async () => {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

const answers = (body: object | string, status = 200): void => {
  handler = () => ({ status, body });
};
const asked = (): string => server.calls.map(({ method, path }) => `${method} ${path}`).join('\n');
const sent = (): unknown => JSON.parse(server.calls.at(-1)?.body ?? '');

const set = (more: object = {}, spec: object = { replicas: 5 }): object => ({
  kind: 'StatefulSet',
  metadata: { name: 'elasticsearch', ...more },
  spec,
  status: { replicas: 4 },
});

describe('the StatefulSet', () => {
  test('is read', async () => {
    answers(set());
    expect(await client.statefulSet()).toEqual({
      ok: true,
      value: { replicas: 5, first: 0, deleted: false, keepsPods: false, deletesClaims: false, standing: 4 },
    });
    expect(asked()).toBe('GET /apis/apps/v1/namespaces/reviews/statefulsets/elasticsearch');
  });

  test('is read with all that it may have', async () => {
    answers(
      set(
        { deletionTimestamp: '2026-01-01T00:00:00Z', finalizers: ['orphan'] },
        { replicas: 0, ordinals: { start: 5 }, persistentVolumeClaimRetentionPolicy: { whenScaled: 'Delete' } },
      ),
    );
    expect(await client.statefulSet()).toMatchObject({
      value: { replicas: 0, first: 5, deleted: true, keepsPods: true, deletesClaims: true },
    });
  });

  test.each([
    ['without replicas', set({}, {})],
    ['of another name', { ...set(), metadata: { name: 'kibana' } }],
    ['of another kind', { ...set(), kind: 'Deployment' }],
    ['with a number as a text', set({}, { replicas: '5' })],
    ['that is a list', []],
  ])('%s is not understood', async (_, body) => {
    answers(body);
    expect(await client.statefulSet()).toMatchObject({ ok: false, trouble: 'not-understood' });
  });

  test.each([
    [401, 'forbidden'],
    [403, 'forbidden'],
    [404, 'absent'],
    [429, 'busy'],
    [500, 'busy'],
  ])('with %i is %s', async (status, trouble) => {
    answers({ message: 'no' }, status);
    expect(await client.statefulSet()).toMatchObject({ ok: false, trouble });
  });
});

test.each([
  ['Active', false],
  ['Terminating', true],
])('the namespace that is %s', async (phase, terminating) => {
  answers({ kind: 'Namespace', metadata: { name: 'reviews' }, status: { phase } });
  expect(await client.namespace()).toEqual({ ok: true, value: { terminating } });
});

describe('the own pod', () => {
  const own = (more: object = {}): object => ({ kind: 'Pod', metadata: { name: 'elasticsearch-1', ...more } });
  const deletionTimestamp = '2026-01-01T00:00:00Z';

  test('is read', async () => {
    answers(own());
    expect(await client.pod()).toEqual({ ok: true, value: { graceSeconds: undefined } });
    expect(asked()).toBe('GET /api/v1/namespaces/reviews/pods/elasticsearch-1');
    answers(own({ deletionTimestamp, deletionGracePeriodSeconds: 600 }));
    expect(await client.pod()).toEqual({ ok: true, value: { graceSeconds: 600 } });
    answers(own({ deletionTimestamp, deletionGracePeriodSeconds: 0 }));
    expect(await client.pod()).toEqual({ ok: true, value: { graceSeconds: 0 } });
  });

  test.each([
    ['of another name', own({ name: 'elasticsearch-2' })],
    ['that is being deleted within no time that it tells', own({ deletionTimestamp })],
    ['with a text for a number', own({ deletionTimestamp, deletionGracePeriodSeconds: '600' })],
    ['with less than nothing', own({ deletionTimestamp, deletionGracePeriodSeconds: -1 })],
  ])('%s is not understood', async (_, body) => {
    answers(body);
    expect(await client.pod()).toMatchObject({ ok: false, trouble: 'not-understood' });
  });
});

describe('the lease', () => {
  const lease = (holderIdentity?: string): object => ({
    kind: 'Lease',
    metadata: { name: 'elasticsearch-restart', resourceVersion: '7' },
    spec: { holderIdentity },
  });
  const path = '/apis/coordination.k8s.io/v1/namespaces/reviews/leases/elasticsearch-restart';

  test('that nobody holds has no holder', async () => {
    answers(lease());
    expect(await client.lease()).toEqual({ ok: true, value: { holder: undefined, version: '7' } });
    answers(lease(''));
    expect(await client.lease()).toMatchObject({ value: { holder: undefined } });
  });

  test('is asked for without force', async () => {
    answers(lease('elasticsearch-1'));
    expect(await client.holdLease(300)).toEqual({ ok: true, value: { holder: 'elasticsearch-1', version: '7' } });
    expect(asked()).toBe(`PATCH ${path}?fieldManager=elasticsearch-1`);
    expect(sent()).toMatchObject({
      metadata: { name: 'elasticsearch-restart' },
      spec: {
        holderIdentity: 'elasticsearch-1',
        leaseDurationSeconds: 300,
        renewTime: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/),
      },
    });
  });

  test('is taken over with the version that was read', async () => {
    answers(lease('elasticsearch-1'));
    await client.takeLease(300, '6');
    expect(asked()).toBe(`PATCH ${path}?fieldManager=elasticsearch-1&force=true`);
    expect(sent()).toMatchObject({ metadata: { resourceVersion: '6' } });
  });

  test('that another pod holds is a conflict', async () => {
    answers({ message: 'conflict' }, 409);
    expect(await client.holdLease(300)).toMatchObject({ ok: false, trouble: 'conflict' });
  });

  test('is not held because an answer is good: it must say so', async () => {
    answers(lease('elasticsearch-2'));
    expect(await client.holdLease(300)).toMatchObject({ ok: false, trouble: 'not-understood' });
  });

  test('is given back by an apply that names no field', async () => {
    answers(lease());
    expect(await client.giveLeaseBack()).toEqual({ ok: true, value: undefined });
    expect(sent()).toEqual({
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: { name: 'elasticsearch-restart' },
    });
  });
});

describe('the marker that the cluster has formed', () => {
  const marker = (data?: object): object => ({ kind: 'ConfigMap', metadata: { name: 'elasticsearch-formed' }, data });

  test('is read', async () => {
    answers(marker({ cluster_uuid: 'u', voters: 'a=b' }));
    expect(await client.formed()).toEqual({ ok: true, value: { clusterUuid: 'u', voters: 'a=b' } });
    answers(marker({ cluster_uuid: 'u' }));
    expect(await client.formed()).toEqual({ ok: true, value: { clusterUuid: 'u', voters: undefined } });
  });

  test.each([marker(), marker({ superuser_stored: 'yes' })])('is absent where others came first: %j', async (body) => {
    answers(body);
    expect(await client.formed()).toMatchObject({ ok: false, trouble: 'absent' });
  });

  test('is written without force, the voters with it', async () => {
    answers(marker());
    await client.markFormed('u');
    await client.noteVoters('a=b');
    const path = '/api/v1/namespaces/reviews/configmaps/elasticsearch-formed';
    expect(asked()).toBe(
      `PATCH ${path}?fieldManager=elasticsearch-1\nPATCH ${path}?fieldManager=elasticsearch-voters&force=true`,
    );
    expect(sent()).toMatchObject({ data: { voters: 'a=b' } });
  });
});

test('without an API server every question and every write fails, and nothing is known', async () => {
  const without = { ...environment(folder), KUBERNETES_SERVICE_HOST: '', KUBERNETES_SERVICE_PORT: '' };
  client = kubernetesClient(readSettings(without), 2);
  const all = [client.statefulSet(), client.namespace(), client.lease(), client.holdLease(300), client.markFormed('u')];
  for (const answer of await Promise.all(all))
    expect(answer).toMatchObject({ ok: false, trouble: 'forbidden', detail: expect.stringMatching(/ is not set$/) });
});

test('a port that is none is refused where an API server is named', () => {
  for (const value of ['', 'tcp://10.0.0.1:443'])
    expect(() => readSettings({ ...environment(folder), KUBERNETES_SERVICE_PORT: value })).toThrow(
      'KUBERNETES_SERVICE_PORT must be a port',
    );
});

test('the token is read anew at each call, and gets into no answer', async () => {
  answers(set());
  let seen = '';
  const raw = handler;
  handler = (call) => {
    seen = call.authorization;
    return raw(call);
  };
  await client.statefulSet();
  expect(seen).toBe('Bearer the-token');
  // As the kubelet renews a volume.
  mkdirSync(join(folder, 'account/..2'));
  writeFileSync(join(folder, 'account/..2/ca.crt'), certificate().cert);
  writeFileSync(join(folder, 'account/..2/token'), 'another');
  symlinkSync('..2', join(folder, 'account/..new'));
  renameSync(join(folder, 'account/..new'), join(folder, 'account/..data'));
  rmSync(join(folder, 'account/..1'), { recursive: true });
  expect(await client.statefulSet()).toMatchObject({ ok: true });
  expect(seen).toBe('Bearer another');
  rmSync(join(folder, 'account'), { recursive: true });
  expect(await client.statefulSet()).toMatchObject({ ok: false, trouble: 'forbidden' });
});
