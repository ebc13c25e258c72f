// A client that sends single requests, each as the scenario says.
import { requestBundle } from './bundle.ts';
import { idle, startClient, stopClient } from './client-pod.ts';
import { exec } from './kube.ts';
import { until } from './until.ts';

export interface ClientAnswer {
  /** When it came, in milliseconds since 1970 by the clock of the client's machine. */
  readonly at: number;
  readonly status?: number;
  readonly body?: string;
  readonly error?: string;
}

export interface ClientRequest {
  readonly method?: string;
  readonly path: string;
  /** A text is sent as it is, anything else as JSON. */
  readonly body?: unknown;
  /** One of the users that the client was started with, instead of the first. */
  readonly as?: string;
  readonly over?: 'http';
  /** Instead of the Service's name. */
  readonly host?: string;
  readonly port?: number;
}

export class Client {
  private constructor(
    private readonly namespace: string,
    private readonly name: string,
  ) {}

  /** Reaches Elasticsearch when it is returned. A stranger lacks the label of clients, and is not waited for. */
  static async start(
    namespace: string,
    name: string,
    { stranger = false, users = ['elastic'] as readonly string[] } = {},
  ): Promise<Client> {
    await startClient({ namespace, name, stranger, users, command: idle, files: { 'request.cjs': requestBundle() } });
    const client = new Client(namespace, name);
    if (!stranger)
      await until(
        `a way from ${name} to Elasticsearch`,
        { seconds: 60 },
        async () => (await client.send({ path: '/' })).status !== undefined,
      );
    return client;
  }

  async send({ method = 'GET', path, body, as, over, host, port }: ClientRequest): Promise<ClientAnswer> {
    const variables = [
      ...(as === undefined ? [] : [`AS=${as}`]),
      ...(over === undefined ? [] : [`OVER=${over}`]),
      ...(host === undefined ? [] : [`HOST=${host}`]),
      ...(port === undefined ? [] : [`PORT=${port}`]),
    ];
    const command = [
      'env',
      ...variables,
      'node',
      '/opt/client/request.cjs',
      method,
      path,
      ...(body === undefined ? [] : [typeof body === 'string' ? body : JSON.stringify(body)]),
    ];
    const done = await exec(this.namespace, this.name, command, { container: 'client', seconds: 30 });
    if (done.code !== 0) throw new Error(`the client failed: ${done.stderr}`);
    return JSON.parse(done.stdout) as ClientAnswer;
  }

  stop(): Promise<void> {
    return stopClient(this.namespace, this.name);
  }
}
