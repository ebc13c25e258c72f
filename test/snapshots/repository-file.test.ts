import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { repositoryOf } from '../../components/snapshots/program/repository-file.ts';
import { root } from '../../scripts/lib/paths.ts';

test.each(['snapshots-fs', 'snapshots-s3'])('that of components/%s is of this environment alone', (component) => {
  const text = readFileSync(join(root, 'components', component, 'repository.json'), 'utf8');
  const [one, other] = ['parcels', 'parcels-dev'].map((namespace) => repositoryOf(text, namespace));
  expect(one).toMatchObject({ type: component.replace('snapshots-', '') });
  expect(JSON.stringify(one)).toMatch(/\/parcels"/);
  expect(JSON.stringify(other)).toMatch(/\/parcels-dev"/);
});

const file = (settings: object, type: unknown = 'fs'): string => JSON.stringify({ type, settings });

test.each([
  [
    'one place for all environments',
    file({ location: '/backups' }),
    /must have \{namespace\} in location or base_path/,
  ],
  ['a bucket of its own is not enough', file({ bucket: '{namespace}' }), /must have \{namespace\}/],
  [
    'a key',
    file({ base_path: '{namespace}', access_key: 'AKIA' }),
    /must not have access_key: it belongs into the key/,
  ],
  ['readonly', file({ location: '{namespace}', readonly: true }), /must not have readonly/],
  ['no type', file({ location: '{namespace}' }, ''), /type is/],
  ['a setting that is no text', file({ location: '{namespace}', more: {} }), /settings\.more is object/],
  ['no settings', '{"type":"fs"}', /settings is missing/],
  ['no JSON', 'type: fs', /JSON/],
])('%s is refused', (_, text, expected) => {
  expect(() => repositoryOf(text, 'reviews')).toThrow(expected);
});

test('numbers and flags are texts, as Elasticsearch gives them back', () => {
  const { settings } = repositoryOf(file({ location: '{namespace}', compress: false, chunk_size: 5 }), 'x');
  expect(settings).toEqual({ location: 'x', compress: 'false', chunk_size: '5' });
});
