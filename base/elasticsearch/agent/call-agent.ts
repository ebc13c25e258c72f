// One question to the agent of this pod, for the programs that people run beside it: the image has no curl.

import { request } from 'node:http';
import { readFolders } from './settings.ts';
import { socketPath } from './socket.ts';

/** Longer than the agent itself waits for Elasticsearch. */
const SECONDS = 15;

/** Shows the answer; the exit code is 1 where it is not the one that was hoped for. */
export const callAgent = (method: 'GET' | 'POST', path: string): void => {
  const asked = request(
    { socketPath: socketPath(readFolders(process.env).agent), method, path, timeout: SECONDS * 1000 },
    (response) => {
      response.pipe(process.stdout);
      if (response.statusCode !== 200) process.exitCode = 1;
    },
  );
  asked.on('timeout', () => asked.destroy(new Error(`no answer within ${SECONDS} s`)));
  asked.on('error', (error) => {
    process.stderr.write(`The agent cannot be asked: ${error.message}\n`);
    process.exitCode = 1;
  });
  asked.end();
};
