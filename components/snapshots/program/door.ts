// Where a person asks: HTTP on a Unix socket in a folder of this container, so that nothing outside of the pod reaches
// it. An answer is lines of progress, and one last line that begins with OK or FAILED.

import { chmod, rm } from 'node:fs/promises';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import type { Answer } from '../../../base/lib/answer.ts';

/** Whoever waits for an hour behind a proxy is told now and then that it goes on. */
const STILL_SECONDS = 20;

type Tell = (line: string) => void;

export interface Doors {
  snapshot(tell: Tell): Promise<Answer<object>>;
  drill(tell: Tell): Promise<Answer<object>>;
  restore(tell: Tell, snapshot: string | undefined, force: boolean): Promise<Answer<object>>;
  status(): object;
}

export const doorPath = (folder: string): string => join(folder, 'door.sock');

const work = async (response: ServerResponse, begin: (tell: Tell) => Promise<Answer<object>>): Promise<void> => {
  response.writeHead(200, { 'content-type': 'text/plain; charset=utf-8' });
  const tell: Tell = (line) => void response.write(`${line.replaceAll('\n', ' ')}\n`);
  const started = Date.now();
  const still = setInterval(
    () => tell(`… still at it after ${Math.round((Date.now() - started) / 1000)} s`),
    STILL_SECONDS * 1000,
  );
  try {
    const answer = await begin(tell);
    tell(answer.ok ? `OK ${JSON.stringify(answer.value)}` : `FAILED ${answer.detail}`);
  } catch (error) {
    tell(`FAILED ${error instanceof Error ? error.name : 'unknown error'}: see the log of the pod`);
  } finally {
    clearInterval(still);
    response.end();
  }
};

const show = (response: ServerResponse, code: number, text: string): void => {
  response.writeHead(code, { 'content-type': 'text/plain; charset=utf-8', 'content-length': Buffer.byteLength(text) });
  response.end(text);
};

/** Who goes away in the middle stops nothing: the work goes on, and the log says what came of it. */
export const openDoor = async (folder: string, doors: Doors): Promise<Server> => {
  const path = doorPath(folder);
  await rm(path, { force: true });
  const server = createServer((request, response) => {
    request.resume();
    response.on('error', () => undefined);
    // The host is none: a Unix socket has no name.
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://snapshots');
    switch (`${request.method} ${pathname}`) {
      case 'POST /snapshot':
        return void work(response, (tell) => doors.snapshot(tell));
      case 'POST /drill':
        return void work(response, (tell) => doors.drill(tell));
      case 'POST /restore': {
        const name = searchParams.get('snapshot') ?? '';
        const force = searchParams.get('force') === 'yes';
        return void work(response, (tell) => doors.restore(tell, name === '' ? undefined : name, force));
      }
      case 'GET /status':
        return show(response, 200, `${JSON.stringify(doors.status(), undefined, 2)}\n`);
      default:
        return show(response, 404, 'there are POST /snapshot, /drill and /restore, and GET /status\n');
    }
  });
  // A drill may take hours; the work has bounds of its own.
  server.requestTimeout = 0;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, resolve);
  });
  await chmod(path, 0o600);
  return server;
};
