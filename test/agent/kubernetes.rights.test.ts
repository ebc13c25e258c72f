// What the nodes' account may do, at a real API server: all that the agent asks for, by its own client, and nothing
// else.

import { beforeEach, expect, test } from '@jest/globals';
import { besideApiServer } from '../support/beside-api-server.ts';
import { Account } from './support/account.ts';

const uuid = 'Zk3TnYp1QoOwzFvS3kJ0aA';
const apply = 'application/apply-patch+yaml';

besideApiServer('the account of the nodes', [], (server) => {
  let account: Account;
  beforeEach(async () => {
    account = await Account.make(server());
  }, 30_000);

  const path = (rest: string): string => `namespaces/${account.namespace}/${rest}`;
  const labels = { app: 'elasticsearch' };
  const makeSet = (more: object = {}): Promise<unknown> =>
    server().must({
      method: 'POST',
      path: `/apis/apps/v1/${path('statefulsets')}`,
      body: {
        metadata: { name: 'elasticsearch' },
        spec: {
          replicas: 3,
          serviceName: 'elasticsearch-nodes',
          selector: { matchLabels: labels },
          template: { metadata: { labels }, spec: { containers: [{ name: 'elasticsearch', image: 'x' }] } },
          ...more,
        },
      },
    });

  /** As the credentials do it. */
  const storeSuperuser = (): Promise<unknown> =>
    server().must({
      method: 'PATCH',
      path: path('configmaps/elasticsearch-formed?fieldManager=credentials'),
      type: apply,
      body: {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'elasticsearch-formed' },
        data: { superuser_stored: 'now' },
      },
    });

  test('sees the StatefulSet: missing, as it is, and while it is being deleted', async () => {
    const client = account.client();
    expect(await client.statefulSet()).toMatchObject({ ok: false, trouble: 'absent' });
    await makeSet({ ordinals: { start: 2 }, persistentVolumeClaimRetentionPolicy: { whenScaled: 'Delete' } });
    const look = { replicas: 3, first: 2, deleted: false, keepsPods: false, deletesClaims: true, standing: 0 };
    expect(await client.statefulSet()).toEqual({ ok: true, value: look });
    for (const [propagation, keepsPods] of [
      ['Orphan', true],
      ['Foreground', false],
    ] as const) {
      await server().must({
        method: 'DELETE',
        path: `/apis/apps/v1/${path('statefulsets/elasticsearch')}?propagationPolicy=${propagation}`,
      });
      expect(await client.statefulSet()).toMatchObject({ value: { deleted: true, keepsPods } });
      // Nobody here takes the finalizer away, as the garbage collector would.
      await server().must({
        method: 'PATCH',
        path: `/apis/apps/v1/${path('statefulsets/elasticsearch')}`,
        type: 'application/merge-patch+json',
        body: { metadata: { finalizers: null } },
      });
      expect(await client.statefulSet()).toMatchObject({ ok: false, trouble: 'absent' });
      await makeSet();
    }
  }, 30_000);

  test('sees its namespace, also while that is being deleted, and can still ask for the lease then', async () => {
    const client = account.client();
    expect(await client.holdLease(300)).toMatchObject({ ok: true });
    expect(await client.namespace()).toEqual({ ok: true, value: { terminating: false } });
    await server().must({ method: 'DELETE', path: `namespaces/${account.namespace}` });
    expect(await client.namespace()).toEqual({ ok: true, value: { terminating: true } });
    expect(await client.holdLease(300)).toMatchObject({ ok: true });
  });

  test('makes the marker once, whoever of the pods comes first, and refuses another cluster', async () => {
    const [one, two] = [account.client('elasticsearch-1'), account.client('elasticsearch-2')];
    expect(await one.formed()).toMatchObject({ ok: false, trouble: 'absent' });
    expect(await one.markFormed(uuid)).toMatchObject({ ok: true });
    expect(await one.markFormed(uuid)).toMatchObject({ ok: true });
    expect(await two.markFormed(uuid)).toMatchObject({ ok: true });
    expect(await one.formed()).toEqual({ ok: true, value: { clusterUuid: uuid, voters: undefined } });
    expect(await two.markFormed('another')).toMatchObject({ ok: false, trouble: 'conflict' });
    // Nor does the one that made it: two pods say so.
    expect(await one.markFormed('another')).toMatchObject({ ok: false, trouble: 'conflict' });
    expect(await account.client('elasticsearch-0').markFormed('another')).toMatchObject({ trouble: 'conflict' });
    expect(await one.formed()).toMatchObject({ value: { clusterUuid: uuid } });
  });

  test('two clusters that form at one moment do not both get the marker', async () => {
    const attempts = [0, 1, 2, 3].map((n) => account.client(`elasticsearch-${n}`).markFormed(`cluster-${n}`));
    const answers = await Promise.all(attempts);
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
    expect(answers.filter((answer) => !answer.ok && answer.trouble === 'conflict')).toHaveLength(3);
  });

  test('notes the voters, one pod after the other, beside what others keep in the marker', async () => {
    const [one, two] = [account.client('elasticsearch-1'), account.client('elasticsearch-2')];
    await one.markFormed(uuid);
    await storeSuperuser();
    expect(await one.noteVoters('a=elasticsearch-0')).toMatchObject({ ok: true });
    expect(await two.noteVoters('a=elasticsearch-0,b=elasticsearch-1')).toMatchObject({ ok: true });
    expect(await two.markFormed(uuid)).toMatchObject({ ok: true });
    const { data } = await server().must<{ data: object }>({ path: path('configmaps/elasticsearch-formed') });
    expect(data).toEqual({
      cluster_uuid: uuid,
      superuser_stored: 'now',
      voters: 'a=elasticsearch-0,b=elasticsearch-1',
    });
    expect(await one.formed()).toEqual({
      ok: true,
      value: { clusterUuid: uuid, voters: 'a=elasticsearch-0,b=elasticsearch-1' },
    });
  });

  test('does not take a marker for made that others began', async () => {
    await storeSuperuser();
    expect(await account.client().formed()).toMatchObject({ ok: false, trouble: 'absent' });
    expect(await account.client().markFormed(uuid)).toMatchObject({ ok: true });
  });

  test('reads the zone of a Kubernetes node', async () => {
    const [labelled, bare] = [`${account.namespace}-a`, `${account.namespace}-b`];
    const zone = { 'topology.kubernetes.io/zone': 'zone-b' };
    for (const metadata of [{ name: labelled, labels: zone }, { name: bare }])
      await server().must({ method: 'POST', path: 'nodes', body: { metadata } });
    expect(await account.client().zoneOf(labelled)).toEqual({ ok: true, value: 'zone-b' });
    expect(await account.client().zoneOf(bare)).toEqual({ ok: true, value: undefined });
    expect(await account.client().zoneOf('none')).toMatchObject({ ok: false, trouble: 'absent' });
  });

  test('with a token that is none is forbidden everything', async () => {
    const { token } = account;
    account.write('account/token', `${token.slice(0, -4)}AAAA`);
    const client = account.client();
    const looks = [client.statefulSet(), client.namespace(), client.pod(), client.lease(), client.formed()];
    for (const answer of await Promise.all(looks)) expect(answer).toMatchObject({ ok: false, trouble: 'forbidden' });
    expect(await client.holdLease(300)).toMatchObject({ ok: false, trouble: 'forbidden' });
    // The kubelet renews the token while the agent runs.
    account.write('account/token', token);
    expect(await client.namespace()).toMatchObject({ ok: true });
  });

  const configMap = { apiVersion: 'v1', kind: 'ConfigMap', data: { a: 'b' } };
  test.each([
    ['list StatefulSets', 'GET', '/apis/apps/v1/NS/statefulsets', undefined],
    ['see another StatefulSet', 'GET', '/apis/apps/v1/NS/statefulsets/another', undefined],
    ['scale', 'PATCH', '/apis/apps/v1/NS/statefulsets/elasticsearch/scale', { spec: { replicas: 1 } }],
    ['change the StatefulSet', 'PATCH', '/apis/apps/v1/NS/statefulsets/elasticsearch', { spec: { replicas: 1 } }],
    ['delete the StatefulSet', 'DELETE', '/apis/apps/v1/NS/statefulsets/elasticsearch', undefined],
    ['see another namespace', 'GET', '/api/v1/namespaces/default', undefined],
    ['list namespaces', 'GET', '/api/v1/namespaces', undefined],
    ['delete its namespace', 'DELETE', '/api/v1/NS', undefined],
    ['see pods', 'GET', '/api/v1/NS/pods', undefined],
    ['see a pod that is no node', 'GET', '/api/v1/NS/pods/kibana-0', undefined],
    ['run something in its pod', 'POST', '/api/v1/NS/pods/elasticsearch-1/exec?command=id', undefined],
    ['delete a pod', 'DELETE', '/api/v1/NS/pods/elasticsearch-1', undefined],
    ['see Secrets', 'GET', '/api/v1/NS/secrets', undefined],
    ['read a Secret', 'GET', '/api/v1/NS/secrets/elasticsearch-user-elastic', undefined],
    ['see ConfigMaps', 'GET', '/api/v1/NS/configmaps', undefined],
    ['change another ConfigMap', 'PATCH', '/api/v1/NS/configmaps/another?fieldManager=x', configMap],
    ['delete the marker', 'DELETE', '/api/v1/NS/configmaps/elasticsearch-formed', undefined],
    ['delete the lease', 'DELETE', '/apis/coordination.k8s.io/v1/NS/leases/elasticsearch-restart', undefined],
    ['see leases', 'GET', '/apis/coordination.k8s.io/v1/NS/leases', undefined],
    ['take another lease', 'PATCH', '/apis/coordination.k8s.io/v1/NS/leases/another?fieldManager=x', configMap],
    ['see claims', 'GET', '/api/v1/NS/persistentvolumeclaims', undefined],
    ['list Kubernetes nodes', 'GET', '/api/v1/nodes', undefined],
    ['change a Kubernetes node', 'PATCH', '/api/v1/nodes/node-a', { spec: { unschedulable: true } }],
    ['get a token', 'POST', '/api/v1/NS/serviceaccounts/elasticsearch/token', { spec: {} }],
  ])('may not %s', async (_, method, of, body) => {
    const asked = {
      method,
      path: of.replace('NS', `namespaces/${account.namespace}`),
      token: account.token,
      ...(body === undefined ? {} : { body }),
      ...(method === 'PATCH'
        ? { type: of.includes('fieldManager') ? apply : 'application/merge-patch+json' }
        : { type: 'application/json' }),
    };
    expect((await server().send(asked)).status).toBe(403);
  });
});
