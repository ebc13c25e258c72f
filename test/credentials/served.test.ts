// Which certificate is served, by every node and by Kibana: not the one that a Secret holds counts, but the one that
// whoever connects is shown. The servers are real ones over TLS, and DNS lists them as it lists pods.
import { X509Certificate } from 'node:crypto';
import { type AddressInfo, createServer as createPlainServer } from 'node:net';
import { createServer, type Server } from 'node:tls';
import { afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { namesFor } from '../../base/credentials/program/due.ts';
import { printOf } from '../../base/credentials/program/pem.ts';
import { judge, needOthers, type Sight, type Since } from '../../base/credentials/program/served.ts';
import { bad, good } from '../../base/lib/answer.ts';
import { besideCluster } from './support/beside-cluster.ts';
import { Dns, type Pod } from './support/dns.ts';
import { type Issued, issue } from './support/issue.ts';
import { Place, quiet } from './support/place.ts';
import { checksum } from './support/secret.ts';

const limit = 120_000;
const leaf = (by: Issued, days: number): Issued =>
  issue({ subject: '/CN=tls', by, days, extensions: ['subjectAltName=DNS:localhost'] });

let root: Issued;
let before: Issued;
let current: Issued;
let old: Issued;
let endsSoon: Issued;
let ofBefore: Issued;

beforeAll(() => {
  root = issue({ subject: '/CN=root' });
  before = issue({ subject: '/CN=root before' });
  current = leaf(root, 365);
  old = leaf(root, 80);
  endsSoon = leaf(root, 20);
  ofBefore = leaf(before, 300);
}, 60_000);

describe('what is made of it', () => {
  const sees = (who: string, one: Issued): Sight => ({ who, seen: good(new X509Certificate(one.certificate)) });
  const judged = (sights: readonly Sight[], known: ReadonlyMap<string, Since>, now: number) =>
    judge(
      sights,
      {
        secret: 'elasticsearch-tls',
        certificate: new X509Certificate(current.certificate),
        trusted: [new X509Certificate(root.certificate)],
      },
      known,
      { now, spreadSeconds: 150, warnSeconds: 30 * 86_400 },
    );
  const start = Math.floor(Date.now() / 1000);
  /** Of two looks, so many seconds apart. */
  const later = (first: Sight, second: Sight, seconds: number) =>
    judged([second], judged([first], new Map(), start).since, start + seconds).findings;

  test('the Secret’s own is nothing to tell of', () => {
    expect(judged([sees('elasticsearch-0', current)], new Map(), start)).toEqual({ since: new Map(), findings: [] });
  });

  test('another one is nothing to tell of while it may be on its way, and then is, once it was long enough the same', () => {
    const one = sees('elasticsearch-1', old);
    expect(later(one, one, 149)).toEqual([]);
    expect(later(one, one, 150)).toEqual([
      { who: 'elasticsearch-1', text: expect.stringContaining('another certificate than Secret'), fails: false },
    ]);
    expect(later(sees('elasticsearch-1', current), one, 150)).toEqual([]);
    expect(later({ who: 'elasticsearch-1', seen: bad('no-answer', 'x') }, one, 150)).toEqual([]);
  });

  test('a new certificate begins the time anew', () => {
    const one = sees('elasticsearch-1', old);
    const { since } = judged([one], new Map(), start);
    const next = { secret: 'elasticsearch-tls', certificate: new X509Certificate(endsSoon.certificate), trusted: [] };
    const times = { now: start + 1000, spreadSeconds: 150, warnSeconds: 0 };
    expect(judge([one], next, since, times).findings).toEqual([]);
  });

  test.each<[string, () => Issued, boolean, string]>([
    ['that holds for long is no fault yet', () => old, false, 'It ends on 20'],
    ['that ends within a third of the time of renewal is one', () => endsSoon, true, 'It ends on 20'],
    [
      'that clients do not trust is one',
      () => ofBefore,
      true,
      'no authority of ca.crt has signed it: clients refuse it',
    ],
  ])('one %s', (_, served, fails, says) => {
    const one = sees('kibana', served());
    expect(later(one, one, 200)).toEqual([{ who: 'kibana', text: expect.stringContaining(says), fails }]);
  });

  test('who cannot be asked is told of, and is no fault of the certificates', () => {
    const silent: Sight = { who: 'elasticsearch-2', seen: bad('no-answer', 'ECONNREFUSED') };
    expect(later(silent, silent, 200)).toEqual([
      {
        who: 'elasticsearch-2',
        text: expect.stringMatching(/could not be asked .* since 20.*: ECONNREFUSED/),
        fails: false,
      },
    ]);
  });

  test('an authority is needed by those who are seen with a certificate of it', () => {
    const silent: Sight = { who: 'elasticsearch-2', seen: bad('no-answer', 'ECONNREFUSED') };
    const all = [sees('elasticsearch-0', current), sees('elasticsearch-1', ofBefore), silent];
    expect(needOthers(all, [new X509Certificate(root.certificate)])).toEqual(['elasticsearch-1']);
  });
});

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
    const data = { 'ca.crt': bundle, 'tls.crt': current.certificate, 'tls.key': current.key };
    await place.put(name, data, { 'delivery-reviews.dev/checksum': checksum(data) });
  };
  const fresh = async (): Promise<void> => {
    place = await Place.make(server());
    place.twoUsers();
    for (const name of ['elasticsearch-tls', 'kibana-tls']) await own(name, root.certificate);
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
        await pod('elasticsearch-0', current),
        await pod('elasticsearch-1', current),
      );
      expect(await place.look(now)).toEqual(quiet);
      await publish('kibana-instances', await pod('kibana-0', current));
      expect(await place.look(now)).toEqual(quiet);
    },
    limit,
  );

  test(
    'one node of three that shows an old one is told of by its name, and the look is whole while that one holds',
    async () => {
      await fresh();
      await publish(
        'elasticsearch-nodes',
        await pod('elasticsearch-0', current),
        await pod('elasticsearch-1', old),
        await pod('elasticsearch-2', current),
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
        [ofBefore, 'clients refuse it'],
        [endsSoon, 'It ends on 20'],
      ] as const) {
        await publish('kibana-instances', await pod('kibana-0', current), await pod('kibana-1', served));
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
    'the old authority is trusted for as long as a node shows a certificate of it, whatever the time',
    async () => {
      place = await Place.make(server());
      place.twoUsers();
      Object.assign(place.env, { MAKE_CERTIFICATES: 'yes', KEEP_PREVIOUS_SECONDS: '0' });
      await place.put('elasticsearch-ca', { 'ca.crt': root.certificate, 'ca.key': root.key });
      const data = {
        'ca.crt': `${root.certificate}${before.certificate}`,
        'tls.crt': current.certificate,
        'tls.key': current.key,
      };
      for (const name of ['elasticsearch-tls', 'kibana-tls'])
        await place.put(name, data, {
          'delivery-reviews.dev/checksum': checksum(data),
          'delivery-reviews.dev/signed-by': printOf(new X509Certificate(root.certificate)),
          'delivery-reviews.dev/hosts': namesFor(name, place.namespace, 'cluster.local').join(),
        });
      await publish(
        'elasticsearch-nodes',
        await pod('elasticsearch-0', current),
        await pod('elasticsearch-1', ofBefore),
      );
      const held = await place.look({ SPREAD_SECONDS: '600' });
      expect(held.log).toContain(
        'elasticsearch-tls: the old authority stays trusted, since elasticsearch-1 still serves',
      );
      expect(held.log).toContain('kibana-tls: the old authority is not trusted any more');
      expect((await place.mustHave('elasticsearch-tls')).data).toEqual(data);
      await publish(
        'elasticsearch-nodes',
        await pod('elasticsearch-0', current),
        await pod('elasticsearch-1', current),
      );
      expect((await place.look()).log).toContain('elasticsearch-tls: the old authority is not trusted any more');
    },
    limit,
  );
});
