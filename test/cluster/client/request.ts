// One request of a client, with nothing hidden: node request.cjs METHOD PATH [BODY]; prints {"status", "body"} or {"error"}.
// AS=nobody sends no credentials, OVER=http speaks plain HTTP, PORT=9300 calls another port.
import { readFileSync } from 'node:fs';
import { request as plain } from 'node:http';
import { request as secure } from 'node:https';

const [method = 'GET', path = '/', body] = process.argv.slice(2);
const env = (name: string): string => process.env[name] ?? '';
const secret = (key: string): string => readFileSync(`${env('USER_FOLDER')}/${key}`, 'utf8');
const print = (answer: object): void => void process.stdout.write(JSON.stringify(answer));

const call = (process.env['OVER'] === 'http' ? plain : secure)(
  {
    host: env('HOST'),
    port: Number(process.env['PORT'] ?? 9200),
    method,
    path,
    ...(process.env['OVER'] === 'http' ? {} : { ca: readFileSync(env('CA_FILE'), 'utf8') }),
    ...(process.env['AS'] === 'nobody' ? {} : { auth: `${secret('username')}:${secret('password')}` }),
    headers: body === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
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
