// What the token of an agent can do to the two objects that it may write, at a real API server: RBAC does not limit
// which of their fields. What the agents then make of it is stolen-token.test.ts.

import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { besideApiServer } from '../support/beside-api-server.ts';
import { startControllerManager } from '../support/controller-manager.ts';
import { controllerManager } from '../support/needs/programs.ts';
import { Account } from './support/account.ts';

const uuid = 'Zk3TnYp1QoOwzFvS3kJ0aA';
const merge = 'application/merge-patch+json';

besideApiServer('a stolen token', [controllerManager], (server) => {
  let account: Account;
  let stopControllers: () => Promise<void>;
  beforeAll(() => {
    stopControllers = startControllerManager(server());
  });
  afterAll(() => stopControllers?.());
  beforeEach(async () => {
    account = await Account.make(server());
    expect(await account.client().markFormed(uuid)).toMatchObject({ ok: true });
  }, 60_000);

  const marker = (): string => `namespaces/${account.namespace}/configmaps/elasticsearch-formed`;
  const write = async (body: object): Promise<number> =>
    (await server().send({ method: 'PATCH', path: marker(), type: merge, token: account.token, body })).status;

  test('empties the marker: no cluster is known then, and any of the pods may name it again', async () => {
    expect(await write({ data: null })).toBe(200);
    expect(await account.client().formed()).toMatchObject({ ok: false, trouble: 'absent' });
    expect(await account.client('elasticsearch-2').markFormed(uuid)).toMatchObject({ ok: true });
    expect(await account.client().formed()).toMatchObject({ value: { clusterUuid: uuid } });
  });

  test('names another cluster in it, which no agent overwrites', async () => {
    expect(await write({ data: { cluster_uuid: 'of-a-thief' } })).toBe(200);
    expect(await account.client().markFormed(uuid)).toMatchObject({ ok: false, trouble: 'conflict' });
    expect(await account.client().formed()).toMatchObject({ value: { clusterUuid: 'of-a-thief' } });
  });

  test('may not delete it, but has it deleted by an owner that does not exist; it is made again', async () => {
    expect((await server().send({ method: 'DELETE', path: marker(), token: account.token })).status).toBe(403);
    const owner = { apiVersion: 'v1', kind: 'ConfigMap', name: 'none', uid: '00000000-0000-4000-8000-000000000000' };
    expect(await write({ metadata: { ownerReferences: [owner] } })).toBe(200);
    const end = Date.now() + 90_000;
    while ((await server().send({ path: marker() })).status !== 404) {
      if (Date.now() > end) throw new Error('the garbage collector leaves it');
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
    expect(await account.client().markFormed(uuid)).toMatchObject({ ok: true });
    const { metadata } = await server().must<{ metadata: { ownerReferences?: unknown } }>({ path: marker() });
    expect(metadata.ownerReferences).toBeUndefined();
  }, 120_000);

  test('makes it immutable: what cannot be noted any more is refused, and says so', async () => {
    expect(await write({ immutable: true })).toBe(200);
    expect(await account.client().noteVoters('a=elasticsearch-0')).toMatchObject({
      ok: false,
      trouble: 'refused',
      detail: expect.stringContaining('immutable'),
    });
    // What it says already is no change.
    expect(await account.client().markFormed(uuid)).toMatchObject({ ok: true });
  });

  test('writes annotations and finalizers, which nobody reads', async () => {
    const annotations = { 'delivery-reviews.dev/new-authority': '2026-11-01' };
    expect(await write({ metadata: { annotations, finalizers: ['example.com/thief'] } })).toBe(200);
    expect(await account.client().formed()).toEqual({ ok: true, value: { clusterUuid: uuid, voters: undefined } });
    await server().must({ method: 'PATCH', path: marker(), type: merge, body: { metadata: { finalizers: null } } });
  });

  test('may not accept a new authority where the credentials read that', async () => {
    await server().must({
      method: 'POST',
      path: `namespaces/${account.namespace}/secrets`,
      body: { metadata: { name: 'elasticsearch-users' }, stringData: { users: 'x' } },
    });
    const path = `namespaces/${account.namespace}/secrets/elasticsearch-users`;
    const body = { metadata: { annotations: { 'delivery-reviews.dev/new-authority': '2026-11-01' } } };
    const asked = { method: 'PATCH', path, type: merge, token: account.token, body };
    expect((await server().send(asked)).status).toBe(403);
  });

  test('takes the lease for 30 years and until 2099: the agents read no times, and its version is enough', async () => {
    const path = `/apis/coordination.k8s.io/v1/namespaces/${account.namespace}/leases/elasticsearch-restart`;
    const spec = {
      holderIdentity: 'elasticsearch-2',
      leaseDurationSeconds: 1_000_000_000,
      renewTime: '2099-01-01T00:00:00.000000Z',
    };
    const body = {
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: { name: 'elasticsearch-restart' },
      spec,
    };
    const type = 'application/apply-patch+yaml';
    const asked = { method: 'PATCH', path: `${path}?fieldManager=thief`, type, token: account.token, body };
    expect((await server().send(asked)).status).toBe(201);
    const agent = account.client('elasticsearch-1');
    expect(await agent.holdLease(300)).toMatchObject({ ok: false, trouble: 'conflict' });
    const look = await agent.lease();
    if (!look.ok) throw new Error(look.detail);
    expect(look.value).toEqual({ holder: 'elasticsearch-2', version: look.value.version });
    // As lease.ts says when it was seen unchanged for 300 s.
    expect(await agent.takeLease(300, look.value.version)).toMatchObject({
      ok: true,
      value: { holder: 'elasticsearch-1' },
    });
  });
});
