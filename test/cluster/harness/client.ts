// A client that sends single requests, each as the scenario says.
import { requestBundle } from './bundle.ts';
import { startClient, stopClient } from './client-pod.ts';
import { exec } from './kube.ts';

export interface ClientAnswer {
  readonly status?: number;
  readonly body?: string;
  readonly error?: string;
}

export interface ClientRequest {
  readonly method?: string;
  readonly path: string;
  readonly body?: unknown;
  readonly as?: 'nobody';
  readonly over?: 'http';
}

export class Client {
  private constructor(
    private readonly namespace: string,
    private readonly name: string,
  ) {}

  static async start(namespace: string, name: string): Promise<Client> {
    await startClient({ namespace, name, command: ['node', '-e', 'setInterval(() => {}, 1e6)'], files: { 'request.cjs': requestBundle() } });
    return new Client(namespace, name);
  }

  async send({ method = 'GET', path, body, as = undefined, over = undefined }: ClientRequest): Promise<ClientAnswer> {
    const variables = [...(as === undefined ? [] : [`AS=${as}`]), ...(over === undefined ? [] : [`OVER=${over}`])];
    const command = ['env', ...variables, 'node', '/opt/client/request.cjs', method, path, ...(body === undefined ? [] : [JSON.stringify(body)])];
    const done = await exec(this.namespace, this.name, command, { container: 'client', seconds: 30 });
    if (done.code !== 0) throw new Error(`the client failed: ${done.stderr}`);
    return JSON.parse(done.stdout) as ClientAnswer;
  }

  stop(): Promise<void> {
    return stopClient(this.namespace, this.name);
  }
}
