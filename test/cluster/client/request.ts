// One request of a client, with nothing hidden: node request.cjs METHOD PATH [BODY]; prints {"at", "status", "body"} or
// {"at", "error"}.
// AS is the user, nobody sends no credentials; OVER=http speaks plain HTTP, PORT=9300 calls another port.
import { readFileSync } from 'node:fs';
import { request as plain } from 'node:http';
import { request as secure } from 'node:https';

const [method = 'GET', path = '/', body] = process.argv.slice(2);
const env = (name: string): string => process.env[name] ?? '';
const folder = process.env['AS'] === undefined ? env('USER_FOLDER') : `${env('USERS')}/${process.env['AS']}`;
const secret = (key: string): string => readFileSync(`${folder}/${key}`, 'utf8');
const print = (answer: object): void => void process.stdout.write(JSON.stringify({ at: Date.now(), ...answer }));

const call = (process.env['OVER'] === 'http' ? plain : secure)(
  {
    host: env('HOST'),
    port: Number(process.env['PORT'] ?? 9200),
    method,
    path,
    ...(process.env['OVER'] === 'http' ? {} : { ca: readFileSync(env('CA_FILE'), 'utf8') }),
    ...(process.env['AS'] === 'nobody' ? {} : { auth: `${secret('username')}:${secret('password')}` }),
    headers:
      body === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
    signal: AbortSignal.timeout(10_000),
  },
  (response) => {
    const chunks: Buffer[] = [];
    response.on('data', (chunk: Buffer) => chunks.push(chunk));
    response.on('end', () => print({ status: response.statusCode, body: Buffer.concat(chunks).toString('utf8') }));
    response.on('error', (error: Error) => print({ error: error.message }));
  },
);
call.on('error', (error: NodeJS.ErrnoException) => print({ error: error.code ?? error.message }));
call.end(body);
