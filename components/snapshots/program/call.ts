// A person's question to the program of this pod: node call.ts status | snapshot | drill | restore [SNAPSHOT] [--force]
// Shows what it says; the exit code is 0 when its last word is OK.

import { request } from 'node:http';
import { doorPath } from './door.ts';

const [what = '', ...more] = process.argv.slice(2);
const names = more.filter((word) => word !== '--force');

const path = (): string => {
  if (what === 'status') return '/status';
  if (what !== 'restore') return `/${what}`;
  const query = new URLSearchParams({ snapshot: names[0] ?? '', force: more.includes('--force') ? 'yes' : 'no' });
  return `/restore?${query.toString()}`;
};

if (!['status', 'snapshot', 'drill', 'restore'].includes(what) || names.length > (what === 'restore' ? 1 : 0)) {
  process.stderr.write('say status, snapshot, drill or restore [SNAPSHOT] [--force]\n');
  process.exit(2);
}
const asked = request(
  {
    socketPath: doorPath(process.env['FOLDER'] ?? ''),
    method: what === 'status' ? 'GET' : 'POST',
    path: path(),
  },
  (response) => {
    let last = '';
    response.setEncoding('utf8');
    response.on('data', (text: string) => {
      process.stdout.write(text);
      last = (last + text).split('\n').slice(-2).join('\n');
    });
    response.on('end', () => {
      const isGood = what === 'status' ? response.statusCode === 200 : last.startsWith('OK ');
      process.exitCode = isGood ? 0 : 1;
    });
    response.on('error', () => {
      process.stderr.write('The answer broke off: the work may go on, the log of the pod says so\n');
      process.exitCode = 1;
    });
  },
);
asked.on('error', (error) => {
  process.stderr.write(`The program cannot be asked: ${error.message}\n`);
  process.exitCode = 1;
});
asked.end();
