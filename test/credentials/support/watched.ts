// Stands between the program and the servers that it calls: sees each call, and disturbs some.
import { certificate } from '../../support/certificate.ts';
import { forward } from '../../support/forward.ts';
import { type Answer, type Call, TestServer } from '../../support/test-server.ts';

export interface Watch {
  /** The whole pod is killed when the server has answered this call, of both servers, counted from 1. */
  readonly killAfter?: number;
  /** In the place of the server's answer; may wait. Undefined: the server is asked. */
  readonly answer?: (call: Call) => Answer | undefined | Promise<Answer | undefined>;
}

export class Watched {
  readonly calls: string[] = [];
  kill: () => void = () => undefined;
  private readonly servers: TestServer[] = [];

  private constructor(
    private readonly watch: Watch,
    /** Of the API server's place. */
    readonly authority: string,
  ) {}

  /** `tls`: what Elasticsearch shows, where it has a certificate of its own. */
  static async start(
    watch: Watch,
    apiServer: number,
    elasticsearch: string | undefined,
    { key, cert }: { readonly key: string | undefined; readonly cert: string | undefined },
  ): Promise<Watched> {
    const watched = new Watched(watch, certificate().cert);
    await watched.add(apiServer);
    if (elasticsearch !== undefined)
      await watched.add(
        Number(new URL(elasticsearch).port),
        key === undefined || cert === undefined ? certificate() : { key, cert },
      );
    return watched;
  }

  private async add(port: number, tls = certificate()): Promise<void> {
    this.servers.push(await TestServer.start(() => (call) => this.pass(port, call), tls));
  }

  private async pass(port: number, call: Call): Promise<Answer | undefined> {
    const number = this.calls.push(`${call.method} ${call.path}`);
    const answer = (await this.watch.answer?.(call)) ?? (await forward(port, call));
    if (number === this.watch.killAfter) this.kill();
    return answer;
  }

  get env(): Record<string, string> {
    const [api, elasticsearch] = this.servers;
    return {
      KUBERNETES_SERVICE_PORT: String(api?.port),
      ...(elasticsearch === undefined ? {} : { ELASTICSEARCH_URL: `https://localhost:${elasticsearch.port}` }),
    };
  }

  async stop(): Promise<void> {
    await Promise.all(this.servers.map((server) => server.stop()));
  }
}
