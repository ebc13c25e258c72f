#!/usr/bin/env node
// Stands for Kibana's server where only its manners matter: it listens as hapi does (listener.listen(port, host)),
// reads its files when Kibana does, takes SIGHUP and SIGTERM as Kibana does (bootstrap.ts), and writes down what it was
// told, one JSON a line.
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';

const say = (what) => appendFileSync(process.env.SAID, `${JSON.stringify({ pid: process.pid, ...what })}\n`);
const read = (file) => readFileSync(file, 'utf8').trim();
const served = () => read(`${process.env.TLS}/tls.crt`);

say({
  event: 'start',
  authority: read(`${process.env.AUTHORITY}/ca.crt`),
  login: `${process.env.KIBANA_USER}:${process.env.KIBANA_USER_PASSWORD}`,
  keys: [process.env.KIBANA_SESSION_KEY, process.env.KIBANA_SAVED_OBJECTS_KEY, process.env.KIBANA_REPORTING_KEY],
  certificate: served(),
});
const deafFor = Number(process.env.DEAF_MILLISECONDS ?? 0);
setTimeout(() => process.on('SIGHUP', () => say({ event: 'reload', certificate: served() })), deafFor);
process.on('SIGTERM', () => {
  say({ event: 'end' });
  if (process.env.STUBBORN !== 'yes') process.exit(0);
});
const server = createServer((_, response) => {
  response.statusCode = existsSync(process.env.UNAVAILABLE) ? 503 : 200;
  response.end('{}');
});
server.listen(Number(process.env.PORT), process.env.KIBANA_HOST, () =>
  say({ event: 'listening', port: server.address().port }),
);
server.on('error', ({ code }) => say({ event: 'failed', code }));
