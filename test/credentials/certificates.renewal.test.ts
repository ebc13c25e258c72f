// The nodes' certificate and Kibana's: made, renewed before their end, and complete after a kill at any moment. Each
// comes from the real certutil and is checked by openssl.
import { expect, test } from '@jest/globals';
import { elasticsearch } from '../support/needs/elasticsearch.ts';
import { besideCluster } from './support/beside-cluster.ts';
import { certificatesOf, isTrusted } from './support/certificates.ts';
import { issue } from './support/issue.ts';
import { issuedIn, makingCertificates } from './support/issued.ts';
import { type Place, quiet } from './support/place.ts';
import { checksum, prefix } from './support/secret.ts';

const limit = 240_000;
const day = 86_400_000;

besideCluster('certificates', [elasticsearch], (server) => {
  let place: Place;

  const fresh = async (): Promise<void> => {
    place = await makingCertificates(server());
  };
  const { tls, kibana, authority, node, expectSound } = issuedIn(() => place);
  const end = (pem = ''): number => Date.parse(certificatesOf(pem)[0]?.validTo ?? '');

  test(
    'are made once, with every name of nodes and services, and say when they end',
    async () => {
      await fresh();
      const { code, log } = await place.look();
      expect({ code, log }).toEqual({ code: 0, log: expect.stringContaining('made Secret elasticsearch-tls') });
      expect(log).toContain('made Secret kibana-tls');
      await expectSound();
      expect((await kibana()).data['tls.key']).not.toBe((await tls()).data['tls.key']);
      const { data, notes } = await tls();
      expect(Date.parse(notes['expires'] ?? '')).toBe(end(data['tls.crt']));
      expect(Math.round((end(data['tls.crt']) - Date.now()) / day)).toBe(365);
      expect(Object.keys((await authority()).data).sort()).toEqual(['ca.crt', 'ca.key']);
      expect(data['ca.crt']).toBe((await authority()).data['ca.crt']);
      const versions = await place.versions();
      expect(await place.look()).toEqual(quiet);
      expect(await place.versions()).toEqual(versions);
    },
    limit,
  );

  test(
    'a deleted certificate is made again by the same authority',
    async () => {
      const before = await authority();
      await place.remove('elasticsearch-tls');
      expect((await place.look()).code).toBe(0);
      await expectSound();
      expect(await authority()).toEqual(before);
    },
    limit,
  );

  test(
    'one that nears its end is renewed, the authority stays',
    async () => {
      const [before, ca] = [await tls(), await authority()];
      expect((await place.look({ RENEW_BEFORE_DAYS: '364' })).log).toBe('');
      expect((await place.look({ CERTIFICATE_DAYS: '366', RENEW_BEFORE_DAYS: '365' })).log).toContain(
        'elasticsearch-tls: there is a new certificate',
      );
      await expectSound();
      expect((await tls()).data['tls.key']).not.toBe(before.data['tls.key']);
      expect(await authority()).toEqual(ca);
    },
    limit,
  );

  test(
    'one that has ended is renewed',
    async () => {
      const { data, notes } = await authority();
      const by = { certificate: data['ca.crt'] ?? '', key: data['ca.key'] ?? '' };
      const old = issue({ subject: '/CN=tls', by, days: -1, extensions: [`subjectAltName=DNS:${node()}`] });
      const content = { 'ca.crt': data['ca.crt'] ?? '', 'tls.crt': old.certificate, 'tls.key': old.key };
      expect(isTrusted(content['ca.crt'], content['tls.crt'], node())).toBe(false);
      const annotations = {
        [`${prefix}/checksum`]: checksum(content),
        [`${prefix}/signed-by`]: (await tls()).notes['signed-by'],
        [`${prefix}/hosts`]: (await tls()).notes['hosts'],
      };
      await place.patch('elasticsearch-tls', { stringData: content, metadata: { annotations } });
      expect((await place.look()).log).toContain('elasticsearch-tls: there is a new certificate');
      await expectSound();
      expect((await authority()).notes).toEqual(notes);
    },
    limit,
  );

  test(
    'one is renewed when somebody asks for it, and when the names change',
    async () => {
      const { data } = await tls();
      await place.annotate('elasticsearch-tls', 'rotate', 'requested');
      await place.look();
      const second = await tls();
      expect(second.data['tls.key']).not.toBe(data['tls.key']);
      expect(second.notes).not.toHaveProperty('rotate');
      place.write('resolv.conf', `search ${place.namespace}.svc.example.internal svc.example.internal\n`);
      await place.look();
      const { data: third } = await tls();
      expect(
        isTrusted(third['ca.crt'] ?? '', third['tls.crt'] ?? '', node().replace('cluster.local', 'example.internal')),
      ).toBe(true);
      place.write('resolv.conf', '');
      await place.look();
      await expectSound();
    },
    limit,
  );

  test(
    'Kibana has its own: asked for alone it is renewed alone, and deleted it is made again by the same authority',
    async () => {
      const [nodes, before, ca] = [await tls(), await kibana(), await authority()];
      await place.annotate('kibana-tls', 'rotate', 'requested');
      expect((await place.look()).log).toContain('kibana-tls: there is a new certificate');
      const renewed = await kibana();
      expect(renewed.data['tls.key']).not.toBe(before.data['tls.key']);
      expect(renewed.notes).not.toHaveProperty('rotate');
      await place.remove('kibana-tls');
      expect((await place.look()).code).toBe(0);
      await expectSound();
      expect(await tls()).toEqual(nodes);
      expect(await authority()).toEqual(ca);
    },
    limit,
  );

  test(
    'the certificate of an earlier version, which has Kibana’s names too, is ' +
      'replaced by one without them, by the same authority',
    async () => {
      const { notes } = await tls();
      await place.annotate('elasticsearch-tls', 'hosts', `${notes['hosts'] ?? ''},kibana`);
      await place.remove('kibana-tls');
      const ca = await authority();
      expect((await place.look()).code).toBe(0);
      await expectSound();
      expect((await tls()).notes['hosts']).toBe(notes['hosts']);
      expect(await authority()).toEqual(ca);
    },
    limit,
  );

  test(
    'killed after any call of making and of replacing the authority, the next look ends with a sound chain',
    async () => {
      await fresh();
      // The users are made before, so that only calls about certificates are counted.
      await place.look({ MAKE_CERTIFICATES: 'no' });
      const { calls } = await place.counted(undefined, { MAKE_CERTIFICATES: 'no' });
      // It only reads; what follows these calls are writes, one after the other.
      const reads = calls.length;
      expect(calls.filter((call) => !call.startsWith('GET '))).toEqual([]);
      for (let call = reads; ; call += 1) {
        const run = await place.counted(call);
        if (run.signal === null) {
          expect({ code: run.code, log: run.log }).toEqual(expect.objectContaining({ code: 0 }));
          break;
        }
        await place.look();
        await expectSound();
        const ca = await authority();
        await place.remove('elasticsearch-tls');
        await place.remove('kibana-tls');
        if (call % 2 === 0) await place.remove('elasticsearch-ca');
        else expect(await authority()).toEqual(ca);
      }
      await place.annotate('elasticsearch-ca', 'rotate', 'requested');
      const now = { KEEP_PREVIOUS_SECONDS: '0' };
      // Each look writes one Secret: the authority; the nodes' bundle, certificate, bundle again; Kibana's. Killed each
      // time right after that.
      const steps = ['both trusted', 'signed', 'old one gone'];
      for (const _ of ['authority', ...steps, ...steps]) {
        expect((await place.counted(reads + 1, now)).signal).toBe('SIGKILL');
        await expectSound();
      }
      const versions = await place.versions();
      const { code, log } = await place.look(now);
      expect({ code, log }).toEqual(expect.objectContaining({ code: 0 }));
      expect(await place.versions()).toEqual(versions);
      for (const { data } of [await tls(), await kibana()]) expect(certificatesOf(data['ca.crt'] ?? '').length).toBe(1);
    },
    6 * limit,
  );

  test(
    'three looks at once agree on one authority and one certificate',
    async () => {
      await fresh();
      await Promise.all([place.look(), place.look(), place.look()]);
      expect((await place.look()).code).toBe(0);
      await expectSound();
      expect(certificatesOf((await tls()).data['ca.crt'] ?? '').length).toBe(1);
      const versions = await place.versions();
      await place.look();
      expect(await place.versions()).toEqual(versions);
    },
    limit,
  );

  test(
    'days that would renew for ever are refused',
    async () => {
      expect(await place.look({ RENEW_BEFORE_DAYS: '365' })).toMatchObject({
        code: 1,
        log: expect.stringContaining('renewal would never end'),
      });
      expect(await place.look({ AUTHORITY_DAYS: '455' })).toMatchObject({
        code: 1,
        log: expect.stringContaining('renewal would never end'),
      });
    },
    limit,
  );
});
