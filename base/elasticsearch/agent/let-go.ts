// Lets this node go at once, whatever it waits for: kubectl exec POD -c agent -- node
// /opt/elasticsearch-agent/let-go.ts For somebody who knows that what the hook waits for will not come. What the node
// holds may then be missing.

import { request } from 'node:http';
import { readFolders } from './settings.ts';
import { socketPath } from './socket.ts';

const asked = request(
  { socketPath: socketPath(readFolders(process.env).agent), method: 'POST', path: '/let-go', timeout: 5000 },
  (response) => {
    response.pipe(process.stdout);
    if (response.statusCode !== 200) process.exitCode = 1;
  },
);
asked.on('timeout', () => asked.destroy(new Error('no answer within 5 s')));
asked.on('error', (error) => {
  process.stderr.write(`The agent cannot be asked: ${error.message}\n`);
  process.exitCode = 1;
});
asked.end();
