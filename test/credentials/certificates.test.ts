// The authority, the nodes' certificate and Kibana's: made, renewed, replaced. Each certificate comes from the real
// certutil and is checked by openssl.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ApiServer, hasApiServer } from './support/api-server.ts';
import {
  belongTogether,
  certificatesOf,
  expired,
  isTrusted,
  otherAuthority,
  toolsFolder,
} from './support/certificates.ts';
import { checksum, Place, prefix, type Secret } from './support/place.ts';

const limit = 240_000;
const day = 86_400_000;

(hasApiServer && toolsFolder !== undefined ? describe : describe.skip)('certificates', () => {
  let server: ApiServer;
  let place: Place;
  beforeAll(async () => {
    server = await ApiServer.start();
  }, 150_000);
  afterAll(() => server?.stop());

  const fresh = async (): Promise<void> => {
    place = await Place.make(server);
    place.write('users.txt', 'operations operations\n');
    Object.assign(place.env, {
      USERS_TABLE: place.path('users.txt'),
      MAKE_CERTIFICATES: 'yes',
      PATH: `${toolsFolder}:${place.env['PATH'] ?? ''}`,
    });
  };
  const tls = (): Promise<Secret> => place.mustHave('elasticsearch-tls');
  const kibana = (): Promise<Secret> => place.mustHave('kibana-tls');
  const authority = (): Promise<Secret> => place.mustHave('elasticsearch-ca');
  const node = (): string => `elasticsearch-1.elasticsearch-nodes.${place.namespace}.svc.cluster.local`;
  const end = (pem = ''): number => Date.parse(certificatesOf(pem)[0]?.validTo ?? '');

  const expectSound = async (): Promise<void> => {
    const services = ['elasticsearch', `elasticsearch.${place.namespace}.svc`];
    const named: readonly [Secret, readonly string[], readonly string[]][] = [
      [await tls(), [node(), 'localhost', ...services], ['kibana', `kibana.${place.namespace}.svc`]],
      [await kibana(), ['localhost', 'kibana', `kibana.${place.namespace}.svc.cluster.local`], [node(), ...services]],
    ];
    for (const [{ data }, its, others] of named) {
      const { 'ca.crt': bundle = '', 'tls.crt': certificate = '', 'tls.key': key = '' } = data;
      expect(Object.keys(data).sort()).toEqual(['ca.crt', 'tls.crt', 'tls.key']);
      expect(belongTogether(certificate, key)).toBe(true);
      for (const name of its) expect([name, isTrusted(bundle, certificate, name)]).toEqual([name, true]);
      for (const name of [...others, 'elsewhere.example'])
        expect([name, isTrusted(bundle, certificate, name)]).toEqual([name, false]);
    }
  };

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
      expect(await place.look()).toEqual({ code: 0, signal: null, log: '' });
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
      const old = expired({ certificate: data['ca.crt'] ?? '', key: data['ca.key'] ?? '' }, node());
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
    'an authority that somebody else puts there signs from then on, with the same overlap, and is never changed',
    async () => {
      const other = otherAuthority();
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
    'a lost authority of a formed cluster is not replaced before somebody accepts that, and then with an overlap',
    async () => {
      await fresh();
      await place.look();
      await place.formedAndStored();
      const old = await tls();
      await place.remove('elasticsearch-ca');
      const { code, log } = await place.look();
      expect(code).toBe(1);
      expect(log).toContain(
        'annotate --overwrite configmap elasticsearch-formed ' +
          `${prefix}/new-authority=${new Date().toISOString().slice(0, 10)}`,
      );
      expect(await place.secret('elasticsearch-ca')).toBeUndefined();
      expect(await tls()).toEqual(old);
      // An answer of last week does not count.
      await place.formedAndStored({ [`${prefix}/new-authority`]: '2020-01-01' });
      expect((await place.look()).code).toBe(1);

      await place.formedAndStored({ [`${prefix}/new-authority`]: new Date().toISOString().slice(0, 10) });
      expect((await place.look()).code).toBe(0);
      const { data } = await tls();
      expect(certificatesOf(data['ca.crt'] ?? '').length).toBe(2);
      expect(data['tls.crt']).toBe(old.data['tls.crt']);
      await place.look({ KEEP_PREVIOUS_SECONDS: '0' });
      await expectSound();
    },
    limit,
  );

  test(
    'certificates that somebody else makes need no authority and are left alone; their end is announced',
    async () => {
      await fresh();
      const other = otherAuthority('/CN=by cert-manager', 20);
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
          /WARNING: Secret elasticsearch-tls was made by somebody else, and its certificate ends on 20/,
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
      const other = otherAuthority('/CN=of the company');
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
      await place.formedAndStored({ [`${prefix}/new-authority`]: new Date().toISOString().slice(0, 10) });
      expect((await place.look()).code).toBe(0);
      await expectSound();
      await place.remove('elasticsearch-tls');
      await place.formedAndStored({ [`${prefix}/new-authority`]: '2020-01-01' });
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

  test(
    'killed after any call of making and of replacing the authority, the next look ends with a sound chain',
    async () => {
      await fresh();
      // The users are made before, so that only calls about certificates are counted.
      await place.look({ MAKE_CERTIFICATES: 'no' });
      const { calls } = await place.counted(undefined, { MAKE_CERTIFICATES: 'no' });
      const before = calls.findIndex((call) => call.includes('elasticsearch-tls'));
      expect(before).toBeGreaterThan(0);
      for (let call = before + 1; ; call += 1) {
        const run = await place.counted(call);
        if (run.signal === null) {
          expect({ code: run.code, log: run.log }).toMatchObject({ code: 0 });
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
      // Each look reads three Secrets and writes one: the authority; the nodes' bundle, certificate, bundle again;
      // Kibana's. Killed each time right after that.
      const steps = ['both trusted', 'signed', 'old one gone'];
      for (const _ of ['authority', ...steps, ...steps]) {
        expect((await place.counted(before + 4, now)).signal).toBe('SIGKILL');
        await expectSound();
      }
      const versions = await place.versions();
      const { code, log } = await place.look(now);
      expect({ code, log }).toMatchObject({ code: 0 });
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
