import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client, Transport } from '@elastic/elasticsearch';
import { rememberNames } from './names.ts';

/** Where the cluster is and who we are. In a pod these are mounted Secrets; `make demo` fetches them for you. */
export interface Connection {
  /** The Service's address, or several ones with commas between them. */
  readonly url: string;
  /** The file with the authority that signed the cluster's certificate. */
  readonly caFile: string;
  /** A folder with the files `username` and `password`. */
  readonly credentials: string;
}

/**
 * If nothing is said a client tries again where a connection breaks, and gives up where no answer comes; and between
 * its tries with one address it pauses for 2 to 4 s. A try that failed here took a second already, or was refused.
 */
class AskAgain extends Transport {
  constructor(options: ConstructorParameters<typeof Transport>[0]) {
    super({ ...options, retryOnTimeout: true, retryBackoff: () => 0.25 });
  }
}

/** Of the whole program: a client that is made anew after a failure needs them most. */
const names = rememberNames();

/**
 * A client that verifies whom it talks to and tries again by itself when a node goes away. Reads the files anew at
 * every call.
 */
export function connect({ url, caFile, credentials }: Connection, lookup = names): Client {
  const read = (name: string): string => readFileSync(join(credentials, name), 'utf8').trim();
  return new Client({
    nodes: url.split(','),
    auth: { username: read('username'), password: read('password') },
    // The Service still has the address of a node that vanished for 40 s: one connection in three goes there, and into
    // the void. Undici waits for 10 s if nothing is said.
    tls: { ca: readFileSync(caFile), timeout: 1_000, lookup },
    // A node that vanishes answers nothing, and the others need up to 5 s to go on without it. What is asked here may
    // be asked twice: searches, and writes that only create.
    requestTimeout: 5_000,
    Transport: AskAgain,
    // Of which one in three fails while the Service has the lost node's address.
    maxRetries: 10,
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
