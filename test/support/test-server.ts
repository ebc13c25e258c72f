// A server over TLS that answers as a test wants: it stands in for the API server, or for Elasticsearch, so that each
// answer can be provoked.
import type { ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { certificate } from './certificate.ts';

export interface Call {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly body: string;
  /** "NAME:PASSWORD", or nothing. */
  readonly login: string;
  /** The header as it came. */
  readonly authorization: string;
  /** Of the body. */
  readonly type: string;
}

export interface Answer {
  readonly status?: number;
  /** An object is sent as JSON without spaces, as Elasticsearch and the API server send it to programs. */
  readonly body?: string | object;
  /** Milliseconds. */
  readonly delay?: number;
  /** So many bytes of the body are sent, of all that were promised; then the connection ends. */
  readonly cut?: number;
}

export type Handler = (call: Call) => Answer | undefined | Promise<Answer | undefined>;

const send = (response: ServerResponse, { status = 200, body = {}, delay = 0, cut }: Answer): void => {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  setTimeout(() => {
    response.writeHead(status, { connection: 'close', 'content-length': Buffer.byteLength(text) });
    if (cut === undefined) response.end(text);
    else if (cut === 0) response.flushHeaders();
    else response.write(text.slice(0, cut));
    if (cut !== undefined) response.socket?.end();
    // Nobody waits for an answer to a client that is gone.
  }, delay).unref();
};

export class TestServer {
  private constructor(
    private readonly server: Server,
    readonly calls: readonly Call[],
  ) {}

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** `handler` returns nothing for what it does not know, which is answered with 404. */
  static async start(handler: () => Handler, { key, cert } = certificate()): Promise<TestServer> {
    const calls: Call[] = [];
    const server = createServer({ key, cert }, (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const authorization = request.headers.authorization ?? '';
        const [, basic = ''] = /^Basic (.*)$/.exec(authorization) ?? [];
        const login = Buffer.from(basic, 'base64').toString('utf8');
        const call = {
          method: request.method ?? '',
          path: request.url ?? '',
          body: Buffer.concat(chunks).toString('utf8'),
          login,
          authorization,
          type: request.headers['content-type'] ?? '',
        };
        calls.push(call);
        void Promise.resolve(handler()(call)).then((answer) => send(response, answer ?? { status: 404 }));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new TestServer(server, calls);
  }

  of(method: string): readonly Call[] {
    return this.calls.filter((call) => call.method === method);
  }

  stop(): Promise<void> {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(() => resolve()));
  }
}
