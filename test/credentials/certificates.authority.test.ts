// The authority that signs the certificates: replaced, and lost. Each certificate comes from the real
// certutil and is checked by openssl.
import { beforeAll, expect, test } from '@jest/globals';
import { elasticsearch } from '../support/needs/elasticsearch.ts';
import { besideCluster } from './support/beside-cluster.ts';
import { certificatesOf, isTrusted } from './support/certificates.ts';
import { issuedIn, makingCertificates, today } from './support/issued.ts';
import type { Place } from './support/place.ts';
import { prefix, type Secret } from './support/secret.ts';

const limit = 480_000;

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
    'a new authority is trusted first, signs then, and only then the old one goes; at each moment both ends of a ' +
      'connection trust each other',
    async () => {
      const states: Secret[] = [await tls()];
      const ofKibana: Secret[] = [await kibana()];
      const first = await authority();
      await place.annotate('elasticsearch-ca', 'rotate', 'requested');
      const wait = { KEEP_PREVIOUS_SECONDS: '3600' };
      const passed = { KEEP_PREVIOUS_SECONDS: '0' };
      for (const env of [wait, wait, passed, wait, passed, passed]) {
        expect((await place.look(env)).code).toBe(0);
        states.push(await tls());
        ofKibana.push(await kibana());
      }
      expect((await authority()).data['ca.key']).not.toBe(first.data['ca.key']);
      expect((await authority()).notes).not.toHaveProperty('rotate');
      // The old one; both trusted; no change before the time; signed by the new one; no change before the time; the new
      // one alone; no change.
      expect(states.map(({ data }) => certificatesOf(data['ca.crt'] ?? '').length)).toEqual([1, 2, 2, 2, 2, 1, 1]);
      expect(new Set(states.slice(0, 3).map(({ data }) => data['tls.crt'])).size).toBe(1);
      expect(new Set(states.slice(3).map(({ data }) => data['tls.crt'])).size).toBe(1);
      expect(states[6]).toEqual(states[5]);
      expect(ofKibana.map(({ data }) => certificatesOf(data['ca.crt'] ?? '').length)).toEqual([1, 2, 2, 2, 2, 1, 1]);
      // Kibana trusts the bundle of the nodes; who calls Kibana trusts the one of Kibana: at no moment is either
      // refused.
      for (const [index, { data }] of ofKibana.entries())
        for (const other of ofKibana.slice(Math.max(0, index - 1), index + 2))
          expect(isTrusted(other.data['ca.crt'] ?? '', data['tls.crt'] ?? '', 'kibana')).toBe(true);
      // A node that has read one state, and one that has read the state before or after it.
      for (const [index, { data }] of states.entries())
        for (const other of states.slice(Math.max(0, index - 1), index + 2))
          expect(isTrusted(other.data['ca.crt'] ?? '', data['tls.crt'] ?? '', node())).toBe(true);
      await expectSound();
    },
    limit,
  );

  test(
    'an authority that would not outlive the next certificate is replaced by itself',
    async () => {
      const before = await authority();
      expect(
        (await place.look({ AUTHORITY_DAYS: '4100', CERTIFICATE_DAYS: '3500', RENEW_BEFORE_DAYS: '50' })).log,
      ).not.toContain('new authority');
      const due = {
        AUTHORITY_DAYS: '4100',
        CERTIFICATE_DAYS: '3650',
        RENEW_BEFORE_DAYS: '300',
        KEEP_PREVIOUS_SECONDS: '0',
      };
      expect((await place.look(due)).log).toContain('there is a new authority');
      expect((await authority()).data['ca.crt']).not.toBe(before.data['ca.crt']);
      expect(certificatesOf((await tls()).data['ca.crt'] ?? '').length).toBe(2);
      await expectSound();
      await place.look(due);
      await place.look(due);
      await place.look(due);
      await expectSound();
      expect(certificatesOf((await tls()).data['ca.crt'] ?? '').length).toBe(1);
    },
    limit,
  );

  test(
    'a lost authority of a formed cluster is not replaced before somebody accepts that, and then with an overlap',
    async () => {
      await fresh();
      await place.look();
      await place.formedAndStored();
      const old = await tls();
      await place.remove('elasticsearch-ca');
      const { code, log } = await place.look();
      expect(code).toBe(1);
      expect(log).toContain(`annotate --overwrite secret elasticsearch-users ${prefix}/new-authority=${today()}`);
      expect(await place.secret('elasticsearch-ca')).toBeUndefined();
      expect(await tls()).toEqual(old);
      // An answer of last week does not count, nor one that whoever holds the agents' token can give.
      await place.formedAndStored({ [`${prefix}/new-authority`]: today() });
      await accept('2020-01-01');
      expect(await place.look()).toMatchObject({ code: 1, log });
      expect(await place.secret('elasticsearch-ca')).toBeUndefined();

      await accept(today());
      expect((await place.look()).code).toBe(0);
      const { data } = await tls();
      expect(certificatesOf(data['ca.crt'] ?? '').length).toBe(2);
      expect(data['tls.crt']).toBe(old.data['tls.crt']);
      await place.look({ KEEP_PREVIOUS_SECONDS: '0' });
      await expectSound();
    },
    limit,
  );
});
