// The port on which a program tells a Prometheus what it knows, where an overlay asks for one. Nothing else can be
// asked there.

import { createServer, type Server } from 'node:http';

export const METRICS_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/** A question is one line and a few headers; who is slower than this asks for nothing good. */
const SECONDS = 5;
/** Prometheus asks by one connection; a few may ask. */
const CONNECTIONS = 8;

/** On all addresses of the pod; rejects where the port cannot be had. */
export const listenForMetrics = async (port: number, metrics: () => string): Promise<Server> => {
  const server = createServer(
    {
      requestTimeout: SECONDS * 1000,
      headersTimeout: SECONDS * 1000,
      connectionsCheckingInterval: SECONDS * 1000,
      maxHeaderSize: 8192,
    },
    ({ method, url }, response) => {
      const isKnown = method === 'GET' && url?.split('?', 1)[0] === '/metrics';
      const text = isKnown ? metrics() : 'there is GET /metrics\n';
      response.writeHead(isKnown ? 200 : 404, {
        'content-type': isKnown ? METRICS_TYPE : 'text/plain; charset=utf-8',
        'content-length': Buffer.byteLength(text),
        connection: 'close',
      });
      response.end(text);
    },
  );
  server.maxConnections = CONNECTIONS;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, resolve);
  });
  // A connection that could not be taken is no reason for the program to end.
  server.on('error', () => undefined);
  return server;
};
