// Runs in the container `agent` of a pod, which has the login `operations` mounted: asks Elasticsearch there what its
// arguments say, and prints the answers. So whoever runs `make doctor` needs the right to exec, and no password leaves
// the pod. It is sent as it stands, to agents of whatever version: it imports nothing of theirs.

import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import { TLSSocket } from 'node:tls';

const SECONDS = 15;

interface Answer {
  readonly status: number;
  readonly text: string;
  /** The end of the certificate that was served, as TLS says it. */
  readonly certificateEnds: string | undefined;
}

const variable = (name: string, otherwise: string): string => process.env[name] ?? otherwise;
const login = variable('OPERATIONS', '/opt/elasticsearch-operations');
const read = (file: string): string => readFileSync(file, 'utf8').replace(/\n$/, '');

const ask = (path: string): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const asked = request(
      {
        // The address itself, whose lookup can't hang; the certificate names localhost.
        host: '127.0.0.1',
        servername: 'localhost',
        port: variable('ELASTICSEARCH_PORT', '9200'),
        path,
        ca: read(`${variable('AUTHORITY', '/opt/elasticsearch-authority')}/ca.crt`),
        auth: `${read(`${login}/username`)}:${read(`${login}/password`)}`,
        agent: false,
        timeout: SECONDS * 1000,
      },
      (response) => {
        const { socket } = response;
        const certificateEnds = socket instanceof TLSSocket ? socket.getPeerCertificate().valid_to : undefined;
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8'), certificateEnds }),
        );
      },
    );
    asked.on('timeout', () => asked.destroy(new Error(`Elasticsearch does not answer within ${SECONDS} s`)));
    asked.on('error', reject);
    asked.end();
  });

const [, , ...paths] = process.argv;
const answers: Answer[] = [];
try {
  for (const path of paths) answers.push(await ask(path));
  process.stdout.write(JSON.stringify({ pod: variable('POD_NAME', ''), answers }));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
