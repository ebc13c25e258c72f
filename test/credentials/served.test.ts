// Which certificate is served, by every node and by Kibana, looked at by the program. The servers are real ones over
// TLS, and DNS lists them as it lists pods.
import { X509Certificate } from 'node:crypto';
import { type AddressInfo, createServer as createPlainServer } from 'node:net';
import { createServer, type Server } from 'node:tls';
import { afterEach, beforeAll, expect, test } from '@jest/globals';
import { namesFor } from '../../base/credentials/program/due.ts';
import { printOf } from '../../base/credentials/program/pem.ts';
import { besideCluster } from './support/beside-cluster.ts';
import { Dns, type Pod } from './support/dns.ts';
import type { Issued } from './support/issue.ts';
import { Place, quiet } from './support/place.ts';
import { checksum } from './support/secret.ts';
import { type Shown, shown } from './support/shown.ts';

const limit = 120_000;

let its: Shown;
beforeAll(() => {
  its = shown();
}, 60_000);

besideCluster('looked at by the program', [], (server) => {
  let place: Place;
  const servers: Server[] = [];

  /** A pod that shows this certificate. */
  const pod = async (name: string, { certificate, key }: Issued): Promise<Pod> => {
    const one = createServer({ cert: certificate, key });
    servers.push(one);
    one.on('tlsClientError', () => undefined);
    await new Promise<void>((resolve) => one.listen(0, resolve));
    return { name, port: (one.address() as AddressInfo).port };
  };
  const publish = (service: string, ...pods: readonly Pod[]): Promise<void> =>
    Dns.of(server()).publish(place.namespace, service, pods);

  /** Both Secrets, as the program itself would have made them. */
  const own = async (name: string, bundle: string): Promise<void> => {
    const data = { 'ca.crt': bundle, 'tls.crt': its.current.certificate, 'tls.key': its.current.key };
    await place.put(name, data, { 'delivery-reviews.dev/checksum': checksum(data) });
  };
  const fresh = async (): Promise<void> => {
    place = await Place.make(server());
    place.twoUsers();
    for (const name of ['elasticsearch-tls', 'kibana-tls']) await own(name, its.root.certificate);
    expect((await place.look()).code).toBe(0);
  };
  afterEach(async () => {
    for (const one of servers.splice(0)) await new Promise((resolve) => one.close(resolve));
  });

  const now = { SPREAD_SECONDS: '0' };

  test(
    'nodes and Kibana that show what their Secrets hold are nothing to tell of, nor is a cluster without Kibana',
    async () => {
      await fresh();
      await publish(
        'elasticsearch-nodes',
        await pod('elasticsearch-0', its.current),
        await pod('elasticsearch-1', its.current),
      );
      expect(await place.look(now)).toEqual(quiet);
      await publish('kibana-instances', await pod('kibana-0', its.current));
      expect(await place.look(now)).toEqual(quiet);
    },
    limit,
  );

  test(
    'pods are told of by the order of their names, not by that of DNS, so that a line stays the same line',
    async () => {
      await fresh();
      const names = [2, 4, 1, 3, 0].map((ordinal) => `elasticsearch-${ordinal}`);
      await publish('elasticsearch-nodes', ...(await Promise.all(names.map((name) => pod(name, its.old)))));
      const { warnings } = await place.look(now);
      expect(warnings.map((warning) => warning.split(' ', 1)[0])).toEqual(names.toSorted());
    },
    limit,
  );

  test(
    'one node of three that shows an old one is told of by its name, and the look is whole while that one holds',
    async () => {
      await fresh();
      await publish(
        'elasticsearch-nodes',
        await pod('elasticsearch-0', its.current),
        await pod('elasticsearch-1', its.old),
        await pod('elasticsearch-2', its.current),
      );
      expect(await place.look({ SPREAD_SECONDS: '600' })).toEqual(quiet);
      const { code, warnings } = await place.look(now);
      expect({ code, warnings }).toEqual({
        code: 0,
        warnings: [
          expect.stringMatching(/^elasticsearch-1 serves another certificate than Secret elasticsearch-tls has/),
        ],
      });
    },
    limit,
  );

  test(
    'a Kibana that shows one which nobody trusts any more, or which is about to end, makes the look not whole',
    async () => {
      await fresh();
      for (const [served, says] of [
        [its.ofBefore, 'clients refuse it'],
        [its.endsSoon, 'It ends on 20'],
      ] as const) {
        await publish('kibana-instances', await pod('kibana-0', its.current), await pod('kibana-1', served));
        const { code, warnings } = await place.look(now);
        expect({ code, warnings }).toEqual({ code: 1, warnings: [expect.stringContaining(says)] });
        expect(warnings[0]).toContain('kibana-1 serves another certificate than Secret kibana-tls has');
      }
    },
    limit,
  );

  test(
    'a node that does not answer, or not with a certificate, is told of and keeps nobody waiting',
    async () => {
      await fresh();
      const plain = createPlainServer((socket) => socket.end('no TLS'));
      const silent = createPlainServer((socket) => socket.resume());
      const ports: number[] = [];
      for (const one of [plain, silent]) {
        await new Promise<void>((resolve) => one.listen(0, resolve));
        ports.push((one.address() as AddressInfo).port);
      }
      try {
        const [port = 0, silentPort = 0] = ports;
        await publish(
          'elasticsearch-nodes',
          { name: 'elasticsearch-0', port },
          { name: 'elasticsearch-1', port: silentPort },
          { name: 'elasticsearch-2', port: 1 },
        );
        const { code, warnings } = await place.look(now);
        expect({ code, warnings: [...warnings].sort() }).toEqual({
          code: 0,
          warnings: [
            expect.stringMatching(/^elasticsearch-0 could not be asked for its certificate/),
            expect.stringMatching(/^elasticsearch-1 could not be asked .* no certificate within 5 s/),
            expect.stringMatching(/^elasticsearch-2 could not be asked .* ECONNREFUSED/),
          ],
        });
      } finally {
        plain.close();
        silent.close();
      }
    },
    limit,
  );

  test(
    'where DNS does not answer that is told, and all else is done',
    async () => {
      await fresh();
      await place.remove('elasticsearch-user-ingest');
      const { code, warnings } = await place.look({ ...now, DNS_SERVERS: '127.0.0.1:1' });
      expect({ code, warnings }).toEqual({
        code: 0,
        warnings: ['elasticsearch-nodes', 'kibana-instances'].map((service) =>
          expect.stringContaining(`who serves which certificate is not known: _https._tcp.${service}.`),
        ),
      });
      expect(await place.secret('elasticsearch-user-ingest')).toBeDefined();
    },
    limit,
  );

  test(
    'pods without a port of the name that is asked for are not nobody',
    async () => {
      await fresh();
      await Dns.of(server()).publish(
        place.namespace,
        'elasticsearch-nodes',
        [{ name: 'elasticsearch-0', port: 1 }],
        'x',
      );
      const { warnings } = await place.look(now);
      expect(warnings).toEqual([expect.stringContaining('and no port https of theirs')]);
    },
    limit,
  );

  test(
    'the old authority is trusted for as long as a node shows a certificate of it, whatever the time',
    async () => {
      place = await Place.make(server());
      place.twoUsers();
      Object.assign(place.env, { MAKE_CERTIFICATES: 'yes', KEEP_PREVIOUS_SECONDS: '0' });
      await place.put('elasticsearch-ca', { 'ca.crt': its.root.certificate, 'ca.key': its.root.key });
      const data = {
        'ca.crt': `${its.root.certificate}${its.before.certificate}`,
        'tls.crt': its.current.certificate,
        'tls.key': its.current.key,
      };
      for (const name of ['elasticsearch-tls', 'kibana-tls'])
        await place.put(name, data, {
          'delivery-reviews.dev/checksum': checksum(data),
          'delivery-reviews.dev/signed-by': printOf(new X509Certificate(its.root.certificate)),
          'delivery-reviews.dev/hosts': namesFor(name, place.namespace, 'cluster.local').join(),
        });
      const unknown = await place.look({ DNS_SERVERS: '127.0.0.1:1' });
      for (const name of ['elasticsearch-tls', 'kibana-tls']) {
        expect(unknown.log).toContain(
          `${name}: the old authority stays trusted, since who serves which certificate is`,
        );
        expect((await place.mustHave(name)).data).toEqual(data);
      }
      await publish(
        'elasticsearch-nodes',
        await pod('elasticsearch-0', its.current),
        await pod('elasticsearch-1', its.ofBefore),
      );
      const held = await place.look({ SPREAD_SECONDS: '600' });
      expect(held.log).toContain(
        'elasticsearch-tls: the old authority stays trusted, since elasticsearch-1 still serves',
      );
      expect(held.log).toContain('kibana-tls: the old authority is not trusted any more');
      expect((await place.mustHave('elasticsearch-tls')).data).toEqual(data);
      await publish(
        'elasticsearch-nodes',
        await pod('elasticsearch-0', its.current),
        await pod('elasticsearch-1', its.current),
      );
      expect((await place.look()).log).toContain('elasticsearch-tls: the old authority is not trusted any more');
    },
    limit,
  );
});
