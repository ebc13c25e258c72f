// The agent's door: HTTP on a Unix socket in a folder that the pod's containers share, so that nothing outside of the
// pod reaches it, not even through its own network. Bash asks it with curl, and reads no more than the status.

import { chmod, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import type { Answer } from '../../lib/answer.ts';
import { METRICS_TYPE } from '../../lib/metrics.ts';

export interface Doors {
  /** For the init container `prepare`: what it says there, and whether it may go on. */
  prepare(diskIsEmpty: boolean): Promise<{ readonly ok: boolean; readonly lines: readonly string[] }>;
  /** For the pre-stop hook: may Elasticsearch be stopped, and new lines for its log. */
  stop(elapsed: number): { readonly go: boolean; readonly lines: readonly string[] };
  /** For a person: the next ask of the hook is answered with "go"; false where no hook waits. */
  letGo(): boolean;
  /** The cluster's health as this node sees it: Elasticsearch's own JSON. */
  health(): Promise<Answer<string>>;
  status(): Readonly<Record<string, unknown>>;
  /** What of it can be watched, as Prometheus reads it. */
  metrics(): string;
}

interface Response {
  readonly code: number;
  readonly text: string;
  /** Of the content; plain text where it is left out. */
  readonly type?: string;
}

const JSON_TYPE = 'application/json';

export const socketPath = (agent: string): string => join(agent, 'agent.sock');

/** Listens there until the server is closed. The socket of an agent that died is taken over, a living one's is not. */
export const listen = async (path: string, doors: Doors): Promise<Server> => {
  if (await isServed(path)) throw new Error(`another agent listens on ${path}`);
  await rm(path, { force: true });
  const server = createServer((request, response) => {
    // Nobody sends a body; one that comes is not kept.
    request.resume();
    const write = ({ code, text, type = 'text/plain; charset=utf-8' }: Response): void => {
      response.writeHead(code, {
        'content-type': type,
        'content-length': Buffer.byteLength(text),
        connection: 'close',
      });
      response.end(text);
    };
    answer(request, doors).then(write, (error: unknown) =>
      write({ code: 500, text: `${error instanceof Error ? error.message : 'unknown error'}\n` }),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, resolve);
  });
  // The containers run as one user and one group.
  await chmod(path, 0o660);
  return server;
};

const isServed = (path: string): Promise<boolean> =>
  new Promise((resolve) => {
    const end = (served: boolean): void => {
      socket.destroy();
      resolve(served);
    };
    const socket = connect(path, () => end(true));
    socket.on('error', () => end(false));
  });

const answer = async (request: IncomingMessage, doors: Doors): Promise<Response> => {
  // The host is none: a Unix socket has no name.
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://agent');
  switch (`${request.method} ${pathname}`) {
    case 'POST /prepare': {
      const { ok, lines } = await doors.prepare(searchParams.get('disk') === 'empty');
      return { code: ok ? 200 : 422, text: text(lines) };
    }
    case 'POST /stop': {
      const { go, lines } = doors.stop(seconds(searchParams.get('seconds')));
      return { code: go ? 200 : 202, text: text(lines) };
    }
    case 'POST /let-go':
      return doors.letGo()
        ? { code: 200, text: 'Elasticsearch is stopped at the next look of its hook\n' }
        : { code: 409, text: 'no hook waits here, so nothing was changed\n' };
    case 'GET /health': {
      const health = await doors.health();
      if (health.ok) return { code: 200, text: health.value, type: JSON_TYPE };
      const { trouble, detail } = health;
      return { code: 503, text: `${JSON.stringify({ trouble, detail })}\n`, type: JSON_TYPE };
    }
    case 'GET /status':
      return { code: 200, text: `${JSON.stringify(doors.status(), undefined, 2)}\n`, type: JSON_TYPE };
    case 'GET /metrics':
      return { code: 200, text: doors.metrics(), type: METRICS_TYPE };
    default:
      return { code: 404, text: 'there are POST /prepare, /stop and /let-go, and GET /health, /status and /metrics\n' };
  }
};

const text = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('');

/** A hook that does not say for how long it has waited has begun just now. */
const seconds = (value: string | null): number => (/^\d{1,9}$/.test(value ?? '') ? Number(value) : 0);
