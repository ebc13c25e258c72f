// The file that says what kind of repository it is, and where. The place holds the namespace, so that two environments
// that share a bucket or a file system never write into one.

import { readFile } from 'node:fs/promises';
import { Refused } from '../../../base/lib/environment.ts';
import { entries, field, object, text } from '../../../base/lib/json.ts';

export interface Repository {
  readonly type: string;
  readonly settings: Readonly<Record<string, string>>;
}

const HERE = '{namespace}';
/** What says where in a bucket or file system it is. */
const PLACES = ['location', 'base_path'];

const valueOf = (value: unknown, at: string): string =>
  typeof value === 'number' || typeof value === 'boolean' ? String(value) : text(value, at);

/** Secrets belong into the keystore of the nodes: here they would be in a manifest, and in each answer about it. */
const SECRET = /(^|[._])(access_key|secret_key|session_token|password|sas_token|credentials_file)$/;

export const repositoryOf = (json: string, namespace: string): Repository => {
  const file = object(JSON.parse(json), 'repository.json');
  const settings = Object.fromEntries(
    entries(field(file, 'settings'), 'settings').map(([name, value]) => {
      if (SECRET.test(name)) throw new Refused(`repository.json must not have ${name}: it belongs into the keystore`);
      if (name === 'readonly') throw new Refused('repository.json must not have readonly: the program says it');
      return [name, valueOf(value, `settings.${name}`)];
    }),
  );
  const place = PLACES.map((name) => settings[name]).find((value) => value !== undefined) ?? '';
  if (!place.includes(HERE))
    throw new Refused(`repository.json must have ${HERE} in ${PLACES.join(' or ')}: two environments never share one`);
  return {
    type: text(field(file, 'type'), 'type'),
    settings: Object.fromEntries(
      Object.entries(settings).map(([name, value]) => [name, value.replaceAll(HERE, namespace)]),
    ),
  };
};

export const readRepository = async (file: string, namespace: string): Promise<Repository> => {
  try {
    return repositoryOf(await readFile(file, 'utf8'), namespace);
  } catch (error) {
    if (error instanceof Refused) throw error;
    throw new Refused(`${file} cannot be used: ${error instanceof Error ? error.message : 'unknown error'}`);
  }
};
