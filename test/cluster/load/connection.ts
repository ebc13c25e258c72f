// One client connection through the Service, as an ordinary client has it: kept open while it works, made anew after a
// failure.
import { lookup } from 'node:dns/promises';
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { Agent, request } from 'node:https';

export interface Answer {
  readonly status: number;
  readonly body: string;
}

export interface Target {
  readonly host: string;
  readonly address: string;
  /** The authority's certificate: read anew for each connection. */
  readonly caFile: string;
  /** With `username` and `password`: read anew for each request. */
  readonly userFolder: string;
}

// Of the same moment: the kubelet replaces the folder behind this link as a whole.
const authorization = (folder: string): string => {
  const now = existsSync(`${folder}/..data`) ? realpathSync(`${folder}/..data`) : folder;
  const [username, password] = ['username', 'password'].map((file) => readFileSync(`${now}/${file}`, 'utf8'));
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
};

const connectMs = 500;

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Network policies open the way of a new pod only after a moment. */
const addressOf = async (host: string, attempts = 30): Promise<string> => {
  try {
    return (await lookup(host)).address;
  } catch (error) {
    if (attempts <= 1) throw error;
    await pause(1000);
    return addressOf(host, attempts - 1);
  }
};

/**
 * The Service's address does not change, so it is looked up once: what is measured is Elasticsearch, not the cluster's
 * DNS.
 */
export const target = async (host: string, caFile: string, userFolder: string): Promise<Target> => ({
  host,
  address: await addressOf(host),
  caFile,
  userFolder,
});

export interface ConnectionOptions {
  readonly timeoutMs?: number;
  /** Requests after which the connection is made anew. */
  readonly requests?: number;
  /** Answers are not read, and their connection is closed so long after they have begun: the server holds them. */
  readonly unreadMs?: number;
}

export class Connection {
  /** How often the name, the password or the rights were not accepted. */
  refused = 0;
  private agent: Agent | undefined;
  private sent = 0;

  constructor(
    private readonly to: Target,
    private readonly options: ConnectionOptions = {},
  ) {}

  /** Any HTTP status is an answer; no answer in time, or a broken connection, is an error and the connection's end. */
  async send(method: string, path: string, body?: string): Promise<Answer> {
    try {
      const answer = await this.attempt(method, path, body);
      if (answer.status === 401 || answer.status === 403) this.refused += 1;
      // The node behind this connection may be the one that can't: the next attempt may go to another.
      if (answer.status >= 500 || ++this.sent % (this.options.requests ?? Infinity) === 0) this.close();
      return answer;
    } catch (error) {
      this.close();
      throw error;
    }
  }

  close(): void {
    this.agent?.destroy();
    this.agent = undefined;
  }

  private attempt(method: string, path: string, body?: string): Promise<Answer> {
    this.agent ??= new Agent({
      keepAlive: true,
      maxSockets: 1,
      ca: readFileSync(this.to.caFile),
      servername: this.to.host,
    });
    const headers = {
      authorization: authorization(this.to.userFolder),
      host: this.to.host,
      ...(body === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }),
    };
    const options = { host: this.to.address, port: 9200, agent: this.agent, method, path, headers };
    return new Promise((resolve, reject) => {
      const call = request({ ...options, signal: AbortSignal.timeout(this.options.timeoutMs ?? 2000) }, (response) => {
        const chunks: Buffer[] = [];
        const { unreadMs } = this.options;
        if (unreadMs === undefined) response.on('data', (chunk: Buffer) => chunks.push(chunk));
        else void pause(unreadMs).then(() => response.destroy());
        response.on('error', reject);
        response.on(unreadMs === undefined ? 'end' : 'close', () =>
          resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8') }),
        );
      });
      // Inside a cluster a connection is made within milliseconds, or the address is that of a node which is gone: the
      // next attempt may get another.
      call.once('socket', (socket) => {
        if (!socket.connecting) return;
        const timer = setTimeout(() => call.destroy(new Error(`no connection within ${connectMs} ms`)), connectMs);
        socket.once('connect', () => clearTimeout(timer));
        call.once('close', () => clearTimeout(timer));
      });
      call.on('error', reject);
      call.end(body);
    });
  }
}
