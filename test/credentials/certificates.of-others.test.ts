// Authorities and certificates that somebody else has made. Each certificate of ours comes from certutil and is
// checked by openssl.
import { beforeAll, expect, test } from '@jest/globals';
import { elasticsearch } from '../support/needs/elasticsearch.ts';
import { besideCluster } from './support/beside-cluster.ts';
import { isTrusted } from './support/certificates.ts';
import { encrypted, issue } from './support/issue.ts';
import { issuedIn, makingCertificates, today } from './support/issued.ts';
import type { Place } from './support/place.ts';

const limit = 240_000;

besideCluster('certificates', [elasticsearch], (server) => {
  let place: Place;
  const fresh = async (): Promise<void> => {
    place = await makingCertificates(server());
  };
  const { tls, kibana, authority, node, accept, expectSound } = issuedIn(() => place);

  // The first tests replace the authority of one namespace, each the one that the test before has left.
  beforeAll(async () => {
    await fresh();
    expect((await place.look()).code).toBe(0);
  }, limit);

  test(
    'an authority that somebody else puts there signs from then on, with the same overlap, and is never changed',
    async () => {
      const other = issue({ subject: '/CN=another authority' });
      await place.patch('elasticsearch-ca', {
        stringData: { 'ca.crt': `a comment\n${other.certificate}`, 'ca.key': other.key },
      });
      const { version } = await authority();
      const old = await tls();
      const { code, log } = await place.look({ KEEP_PREVIOUS_SECONDS: '3600' });
      expect({ code, log }).toEqual({ code: 0, log: expect.stringContaining('trusted beside the old one') });
      expect(isTrusted((await tls()).data['ca.crt'] ?? '', old.data['tls.crt'] ?? '', node())).toBe(true);
      const passed = { KEEP_PREVIOUS_SECONDS: '0' };
      await place.look(passed);
      await place.look(passed);
      await expectSound();
      expect(isTrusted(other.certificate, (await tls()).data['tls.crt'] ?? '', node())).toBe(true);
      expect((await authority()).version).toBe(version);
    },
    limit,
  );

  test(
    'one that cannot sign, or that nobody would trust, changes nothing, and the log says what is wrong with it',
    async () => {
      const root = issue({ subject: '/CN=root' });
      const intermediate = issue({ subject: '/CN=intermediate', by: root });
      const leaf = issue({ subject: '/CN=leaf', extensions: [] });
      const short = issue({ subject: '/CN=short', days: 300 });
      const ended = issue({ subject: '/CN=ended', days: -1 });
      const wrong: readonly (readonly [string, string, string])[] = [
        ['words', root.key, 'no certificate in PEM'],
        [leaf.certificate, leaf.key, 'not one of an authority'],
        [root.certificate, leaf.key, 'not the key of the first certificate'],
        [root.certificate, encrypted(root.key), 'no private key in PEM without a password'],
        [intermediate.certificate, intermediate.key, 'lacks the authority of CN=intermediate'],
        [ended.certificate, ended.key, 'CN=ended is valid from'],
        [short.certificate, short.key, 'the authority ends on'],
      ];
      const states = [await tls(), await kibana()];
      for (const [certificate, key, says] of wrong) {
        await place.patch('elasticsearch-ca', { stringData: { 'ca.crt': certificate, 'ca.key': key } });
        const { version } = await authority();
        const { code, log } = await place.look({ KEEP_PREVIOUS_SECONDS: '0' });
        expect({ code, log }).toEqual({ code: 1, log: expect.stringContaining(says) });
        expect([await tls(), await kibana()]).toEqual(states);
        expect((await authority()).version).toBe(version);
      }
    },
    limit,
  );

  test(
    'an authority between others signs, also with an elliptic key, where ca.crt holds all of them',
    async () => {
      const root = issue({ subject: '/CN=root of the company' });
      const intermediate = issue({ subject: '/CN=of this cluster', by: root, key: 'ec' });
      const chain = `${intermediate.certificate}${root.certificate}`;
      await place.patch('elasticsearch-ca', { stringData: { 'ca.crt': chain, 'ca.key': intermediate.key } });
      for (const _ of ['trusted', 'signed', 'alone']) {
        expect((await place.look({ KEEP_PREVIOUS_SECONDS: '0' })).code).toBe(0);
        await expectSound();
      }
      expect((await tls()).data['ca.crt']).toBe(chain);
      expect(isTrusted(root.certificate, (await tls()).data['tls.crt'] ?? '', node())).toBe(false);
    },
    limit,
  );

  test(
    'certificates that somebody else makes need no authority and are left alone; their end is announced',
    async () => {
      await fresh();
      const other = issue({ subject: '/CN=by cert-manager', days: 20 });
      await place.put('elasticsearch-tls', {
        'ca.crt': other.certificate,
        'tls.crt': other.certificate,
        'tls.key': other.key,
      });
      await place.put('kibana-tls', {
        'ca.crt': other.certificate,
        'tls.crt': other.certificate,
        'tls.key': other.key,
      });
      const { version } = await tls();
      const { code, log } = await place.look();
      expect({ code, log }).toEqual({
        code: 0,
        log: expect.stringMatching(
          /Secret elasticsearch-tls was made by somebody else, and its certificate ends on 20/,
        ),
      });
      expect((await tls()).version).toBe(version);
      expect(await place.secret('elasticsearch-ca')).toBeUndefined();
    },
    limit,
  );

  test(
    'where only the nodes’ comes from somebody else, Kibana gets one all the ' +
      'same; no node is ever moved to that authority unasked',
    async () => {
      await fresh();
      const other = issue({ subject: '/CN=of the company' });
      await place.put('elasticsearch-tls', {
        'ca.crt': other.certificate,
        'tls.crt': other.certificate,
        'tls.key': other.key,
      });
      // An earlier version has made the rest, and the cluster has formed.
      await place.look({ MAKE_CERTIFICATES: 'no' });
      await place.formedAndStored();
      const { version } = await tls();
      expect((await place.look()).code).toBe(0);
      expect(isTrusted((await kibana()).data['ca.crt'] ?? '', (await kibana()).data['tls.crt'] ?? '', 'kibana')).toBe(
        true,
      );
      expect(isTrusted(other.certificate, (await kibana()).data['tls.crt'] ?? '', 'kibana')).toBe(false);
      expect((await tls()).version).toBe(version);
      // Lost: nodes and clients know another authority than the one that was made for Kibana.
      await place.remove('elasticsearch-tls');
      const { code, log } = await place.look();
      expect({ code, log }).toEqual({
        code: 1,
        log: expect.stringContaining('Secret elasticsearch-tls, made by somebody else, is gone'),
      });
      expect(await place.secret('elasticsearch-tls')).toBeUndefined();
      await accept(today());
      expect((await place.look()).code).toBe(0);
      await expectSound();
      await place.remove('elasticsearch-tls');
      await accept('2020-01-01');
      expect((await place.look()).code).toBe(0);
      await expectSound();
    },
    limit,
  );

  test(
    'are not made where another part makes them: the others are, and the look is complete when both are there',
    async () => {
      await fresh();
      place.env['MAKE_CERTIFICATES'] = 'no';
      expect((await place.look()).code).toBe(1);
      expect(await place.secret('elasticsearch-ca')).toBeUndefined();
      expect(await place.secret('elasticsearch-users')).toBeDefined();
      await place.put('elasticsearch-tls', { 'ca.crt': 'x' });
      expect((await place.look()).code).toBe(1);
      await place.put('kibana-tls', { 'ca.crt': 'x' });
      expect((await place.look()).code).toBe(0);
    },
    limit,
  );
});
