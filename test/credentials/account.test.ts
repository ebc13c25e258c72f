// The rights of the account, at a real API server: each thing that it must not do is tried with its own token.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { loadAll } from 'js-yaml';
import { root } from '../../scripts/lib/paths.ts';
import { besideCluster } from './support/beside-cluster.ts';
import { Place, usersTable } from './support/place.ts';

const limit = 60_000;

const users = readFileSync(usersTable, 'utf8')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'))
  .map((line) => line.split(' ')[0]);

test('the rights name each user of the table, and nobody else', () => {
  const [role] = loadAll(readFileSync(join(root, 'base/credentials/rights.yaml'), 'utf8')) as {
    rules: { resources: string[]; resourceNames: string[]; verbs: string[] }[];
  }[];
  const secrets = role?.rules.find(({ resources }) => resources[0] === 'secrets');
  const named = (secrets?.resourceNames ?? []).filter(
    (name) => name.startsWith('elasticsearch-user-') && name !== 'elasticsearch-user-elastic',
  );
  expect(named.sort()).toEqual(users.map((name) => `elasticsearch-user-${name}`).sort());
  expect(role?.rules.every(({ resourceNames }) => resourceNames.length > 0)).toBe(true);
});

besideCluster('the account', [], (server) => {
  let place: Place;
  beforeAll(async () => {
    place = await Place.make(server());
  }, 150_000);

  const secretBody = (name: string): object => ({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name },
    stringData: { a: 'b' },
  });
  const apply = 'application/apply-patch+yaml';
  test.each([
    ['list Secrets', 'GET', 'secrets', undefined, ''],
    ['watch a Secret', 'GET', 'secrets?watch=true&fieldSelector=metadata.name=elasticsearch-tls', undefined, ''],
    ['read another Secret', 'GET', 'secrets/of-another-program', undefined, ''],
    ['make a Secret by POST', 'POST', 'secrets', secretBody('elasticsearch-tls'), 'application/json'],
    ['make another Secret', 'PATCH', 'secrets/another?fieldManager=x', secretBody('another'), apply],
    ['delete its own Secrets', 'DELETE', 'secrets/elasticsearch-tls', undefined, ''],
    [
      'make the marker',
      'PATCH',
      'configmaps/elasticsearch-formed?fieldManager=x',
      { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'elasticsearch-formed' } },
      apply,
    ],
    ['delete the marker', 'DELETE', 'configmaps/elasticsearch-formed', undefined, ''],
    [
      'change another ConfigMap',
      'PATCH',
      'configmaps/elasticsearch-membership?fieldManager=x',
      { data: { a: 'b' } },
      'application/merge-patch+json',
    ],
    ['see pods', 'GET', 'pods', undefined, ''],
    ['get a token of another account', 'POST', 'serviceaccounts/default/token', { spec: {} }, 'application/json'],
  ])(
    'may not %s',
    async (_, method, path, body, type) => {
      const { namespace, token } = place;
      const request = {
        method,
        path: `namespaces/${namespace}/${path}`,
        token,
        ...(type === '' ? {} : { type }),
        ...(body === undefined ? {} : { body }),
      };
      expect((await server().send(request)).status).toBe(403);
    },
    limit,
  );

  test(
    'may make a Secret of its own by name',
    async () => {
      const { namespace, token } = place;
      const name = 'elasticsearch-user-search';
      const answer = await server().send({
        method: 'PATCH',
        path: `namespaces/${namespace}/secrets/${name}?fieldManager=x`,
        token,
        type: apply,
        body: secretBody(name),
      });
      expect(answer.status).toBe(201);
    },
    limit,
  );
});
