import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { root } from '../../scripts/lib/paths.ts';

/** The text of roles.yml as pods mount it: the roles that Elasticsearch does not bring along. */
export const rolesOfTheBase = (): string => {
  const { data } = load(readFileSync(join(root, 'base/elasticsearch/roles.yaml'), 'utf8')) as {
    data: { 'roles.yml': string };
  };
  return data['roles.yml'];
};
