// One client connection through the Service, as an ordinary client has it: kept open while it works, made anew after a failure.
import { lookup } from 'node:dns/promises';
import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:https';

export interface Answer {
  readonly status: number;
  readonly body: string;
}

export interface Target {
  readonly host: string;
  readonly address: string;
  readonly authorization: string;
  readonly ca: string;
}

const password = (user: string): string => readFileSync(`${user}/password`, 'utf8');
const username = (user: string): string => readFileSync(`${user}/username`, 'utf8');

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

/** The Service's address does not change, so it is looked up once: what is measured is Elasticsearch, not the cluster's DNS. */
export const target = async (host: string, caFile: string, userFolder: string): Promise<Target> => ({
  host,
  address: await addressOf(host),
  authorization: `Basic ${Buffer.from(`${username(userFolder)}:${password(userFolder)}`).toString('base64')}`,
  ca: readFileSync(caFile, 'utf8'),
});

export class Connection {
  private agent: Agent | undefined;

  constructor(
    private readonly to: Target,
    private readonly timeoutMs = 2000,
  ) {}

  /** Any HTTP status is an answer; no answer in time, or a broken connection, is an error and the connection's end. */
  async send(method: string, path: string, body?: string): Promise<Answer> {
    try {
      const answer = await this.attempt(method, path, body);
      // The node behind this connection may be the one that can't: the next attempt may go to another.
      if (answer.status >= 500) this.close();
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
    this.agent ??= new Agent({ keepAlive: true, maxSockets: 1, ca: this.to.ca, servername: this.to.host });
    const headers = {
      authorization: this.to.authorization,
      host: this.to.host,
      ...(body === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }),
    };
    const options = { host: this.to.address, port: 9200, agent: this.agent, method, path, headers };
    return new Promise((resolve, reject) => {
      const call = request({ ...options, signal: AbortSignal.timeout(this.timeoutMs) }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8') }));
      });
      call.on('error', reject);
      call.end(body);
    });
  }
}
