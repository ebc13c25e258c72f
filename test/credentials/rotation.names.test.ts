// A rotation never hands out a name that another login has: the users file would let in only one of the two.
import { expect, test } from '@jest/globals';
import { otherName } from '../../base/credentials/program/rotation.ts';
import { besideCluster } from './support/beside-cluster.ts';
import { Place } from './support/place.ts';
import { accepts } from './support/users-file.ts';

const all = ['operations', 'ingest', 'ingest-b', 'kibana'];

test.each([
  ['ingest', [], 'ingest-b'],
  ['ingest-b', [], 'ingest'],
  ['ingest', ['ingest-b'], 'ingest-c'],
  ['ingest-b', ['ingest', 'ingest-c'], 'ingest-d'],
  ['kibana-b', [], 'kibana-c'],
  ['ingest', Array.from('bcdefghijklmnopqrstuvwxyz', (letter) => `ingest-${letter}`), undefined],
])('the name after %s, where %j are taken', (name, taken, next) => {
  expect(otherName(name, new Set(taken))).toBe(next);
});

besideCluster('at a real API server', [], (server) => {
  test("a rotation takes nobody else's name, be it another user's or one that Elasticsearch keeps", async () => {
    const place = await Place.ofTwoUsers(server());
    place.env['ELASTICSEARCH_URL'] = 'https://127.0.0.1:1';
    place.write(
      'users.txt',
      'operations operations\ningest reviews-ingest\ningest-b reviews-ingest\nkibana kibana_system kibana-b\n',
    );
    const role = `/apis/rbac.authorization.k8s.io/v1/namespaces/${place.namespace}/roles/credentials`;
    const more = { apiGroups: [''], resources: ['secrets'], resourceNames: ['elasticsearch-user-ingest-b'] };
    const add = [{ op: 'add', path: '/rules/-', value: { ...more, verbs: ['create', 'get', 'patch'] } }];
    await server().must({ method: 'PATCH', path: role, type: 'application/json-patch+json', body: add });
    const logins = () =>
      Promise.all(all.map(async (name) => (await place.mustHave(`elasticsearch-user-${name}`)).data));
    type Logins = Awaited<ReturnType<typeof logins>>;
    const refused = async (wanted: Logins): Promise<string[]> => {
      const file = (await place.mustHave('elasticsearch-users')).data['users'] ?? '';
      return wanted.flatMap(({ username = '', password = '' }) =>
        accepts(file, username, password) ? [] : [username],
      );
    };
    for (let turn = 0; turn < 3; turn += 1) {
      await place.look();
      const old = await logins();
      await place.annotate('elasticsearch-users', 'rotate', 'requested');
      const { code } = await place.look();
      expect(await refused(old)).toEqual([]);
      expect(code).toBe(0);
      await place.look({ SPREAD_SECONDS: '0', KEEP_PREVIOUS_SECONDS: '0' });
      const now = await logins();
      expect(await refused(now)).toEqual([]);
      expect(now.filter(({ password }, i) => password === old[i]?.['password'])).toEqual([]);
    }
  }, 240_000);
});
