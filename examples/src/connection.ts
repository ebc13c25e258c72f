import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from '@elastic/elasticsearch';

/** Where the cluster is and who we are. In a pod these are mounted Secrets; `make demo` fetches them for you. */
export interface Connection {
  readonly url: string;
  /** The file with the authority that signed the cluster's certificate. */
  readonly caFile: string;
  /** A folder with the files `username` and `password`. */
  readonly credentials: string;
}

/**
 * A client that verifies whom it talks to and tries again by itself when a node goes away. Reads the files anew at
 * every call.
 */
export function connect({ url, caFile, credentials }: Connection): Client {
  const read = (name: string): string => readFileSync(join(credentials, name), 'utf8').trim();
  return new Client({
    node: url,
    auth: { username: read('username'), password: read('password') },
    tls: { ca: readFileSync(caFile) },
    // A node that vanishes answers nothing: ask another one soon.
    requestTimeout: 15_000,
    maxRetries: 5,
  });
}

export function connectionFromEnvironment(env: NodeJS.ProcessEnv, user: string): Connection {
  const get = (name: string): string => {
    const value = env[name];
    if (value === undefined || value === '') throw new Error(`${name} must be set (see examples/README.md)`);
    return value;
  };
  return { url: get('ELASTICSEARCH_URL'), caFile: get('CA_FILE'), credentials: join(get('CREDENTIALS'), user) };
}
