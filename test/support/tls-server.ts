// A TLS server that writes bytes as a test wants them, whole messages or not.
import { type AddressInfo } from 'node:net';
import { createServer, type Server, type TLSSocket } from 'node:tls';
import { certificate } from './certificate.ts';

/** Gets the connection when the head of a request has come. */
export type Writer = (socket: TLSSocket, head: string) => void;

export class TlsServer {
  writer: Writer = (socket) => socket.end();
  readonly heads: string[] = [];
  private readonly open = new Set<TLSSocket>();

  private constructor(
    private readonly server: Server,
    readonly port: number,
  ) {}

  static async start(): Promise<TlsServer> {
    const server = createServer(certificate());
    // A client that does not trust the certificate ends the handshake.
    server.on('tlsClientError', () => undefined);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const started = new TlsServer(server, (server.address() as AddressInfo).port);
    server.on('secureConnection', (socket) => started.serve(socket));
    return started;
  }

  private serve(socket: TLSSocket): void {
    this.open.add(socket);
    socket.on('close', () => this.open.delete(socket));
    socket.on('error', () => undefined);
    let head = '';
    socket.on('data', (chunk: Buffer) => {
      if (head.includes('\r\n\r\n')) return;
      head += chunk.toString('latin1');
      if (!head.includes('\r\n\r\n')) return;
      this.heads.push(head);
      this.writer(socket, head);
    });
  }

  async stop(): Promise<void> {
    for (const socket of this.open) socket.destroy();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }
}
