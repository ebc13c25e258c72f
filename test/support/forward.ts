// What makes a TestServer stand in front of a real one.
import { request } from 'node:https';
import type { Answer, Call } from './test-server.ts';

/** Asks the server on this port of the loopback interface the same, as the same caller, and gives its answer. */
export const forward = (port: number, { method, path, body, authorization, type }: Call): Promise<Answer> =>
  new Promise((resolve) => {
    const headers = {
      ...(authorization === '' ? {} : { authorization }),
      ...(type === '' ? {} : { 'content-type': type }),
      connection: 'close',
    };
    const target = { host: '127.0.0.1', servername: 'localhost', port, method, path, headers, agent: false };
    const call = request({ ...target, rejectUnauthorized: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8') }),
      );
      response.on('error', () => resolve({ status: 502 }));
    });
    call.on('error', () => resolve({ status: 502 }));
    call.end(body === '' ? undefined : body);
  });
