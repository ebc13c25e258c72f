// What is made of the certificates that are served: not the one that a Secret holds counts, but the one that whoever
// connects is shown.
import { X509Certificate } from 'node:crypto';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { keepCertificates } from '../../base/credentials/program/certificates.ts';
import type { Look } from '../../base/credentials/program/ports.ts';
import { judge, needsOthers, type Sight, type Since } from '../../base/credentials/program/served.ts';
import { readSettings } from '../../base/credentials/program/settings.ts';
import { type Answer, bad, good } from '../../base/lib/answer.ts';
import type { Issued } from './support/issue.ts';
import { type Shown, shown } from './support/shown.ts';

const environment = {
  POD_NAMESPACE: 'reviews',
  HOSTNAME: 'credentials-0',
  MAKE_CERTIFICATES: 'no',
  CERTIFICATE_DAYS: '365',
  RENEW_BEFORE_DAYS: '90',
  AUTHORITY_DAYS: '3650',
  SPREAD_SECONDS: '150',
  KEEP_PREVIOUS_SECONDS: '86400',
  LOOK_SECONDS: '120',
  CERTUTIL_SECONDS: '60',
};

let its: Shown;
beforeAll(() => {
  its = shown();
}, 60_000);

describe('what is made of it', () => {
  const sees = (who: string, one: Issued): Sight => ({ who, seen: good(new X509Certificate(one.certificate)) });
  const judged = (sights: readonly Sight[], known: ReadonlyMap<string, Since>, now: number) =>
    judge(
      sights,
      {
        secret: 'elasticsearch-tls',
        certificate: new X509Certificate(its.current.certificate),
        trusted: [new X509Certificate(its.root.certificate)],
      },
      known,
      { now, spreadSeconds: 150, warnSeconds: 30 * 86_400 },
    );
  const start = Math.floor(Date.now() / 1000);
  /** Of two looks, so many seconds apart. */
  const later = (first: Sight, second: Sight, seconds: number) =>
    judged([second], judged([first], new Map(), start).since, start + seconds).findings;

  test('the Secret’s own is nothing to tell of', () => {
    expect(judged([sees('elasticsearch-0', its.current)], new Map(), start)).toEqual({
      since: new Map(),
      findings: [],
    });
  });

  test('another one is told of once it was the same for as long as it may be on its way, and not before', () => {
    const one = sees('elasticsearch-1', its.old);
    expect(later(one, one, 149)).toEqual([]);
    expect(later(one, one, 150)).toEqual([
      { who: 'elasticsearch-1', text: expect.stringContaining('another certificate than Secret'), fails: false },
    ]);
    expect(later(sees('elasticsearch-1', its.current), one, 150)).toEqual([]);
    expect(later({ who: 'elasticsearch-1', seen: bad('no-answer', 'x') }, one, 150)).toEqual([]);
  });

  test('a look that could not see who serves what ends no wait', async () => {
    const now = { seconds: start };
    const told: string[] = [];
    const data = { 'tls.crt': Buffer.from(its.current.certificate).toString('base64') };
    const secret = { name: 'elasticsearch-tls', version: '1', data, notes: {}, hasOwner: false };
    const seen = [sees('elasticsearch-1', its.old)];
    let answer: Answer<readonly Sight[]> = good(seen);
    const untouched = (): never => {
      throw new Error('nothing else is asked');
    };
    const look: Look = {
      settings: readSettings(environment),
      users: [],
      domain: 'cluster.local',
      report: { done: untouched, failed: () => undefined, once: (_, text) => told.push(text) },
      secrets: { known: (name) => (name === secret.name ? secret : 'absent'), make: untouched, change: untouched },
      formed: { marker: untouched, noteSuperuserStored: untouched },
      certutil: { forget: async () => undefined, authority: untouched, certificate: untouched },
      asElastic: untouched,
      seeServed: async (service) => (service === 'elasticsearch-nodes' ? answer : good([])),
      now: () => now.seconds,
      memory: { storeSoon: false, proven: '', served: new Map() },
    };
    await keepCertificates(look);
    answer = bad('no-answer', 'DNS is away');
    now.seconds += 100;
    await keepCertificates(look);
    answer = good(seen);
    now.seconds += 100;
    await keepCertificates(look);
    expect(told).toEqual([
      expect.stringContaining('DNS is away'),
      expect.stringContaining('elasticsearch-1 serves another certificate than Secret elasticsearch-tls has'),
    ]);
  });

  test('a new certificate begins the time anew', () => {
    const one = sees('elasticsearch-1', its.old);
    const { since } = judged([one], new Map(), start);
    const next = {
      secret: 'elasticsearch-tls',
      certificate: new X509Certificate(its.endsSoon.certificate),
      trusted: [],
    };
    const times = { now: start + 1000, spreadSeconds: 150, warnSeconds: 0 };
    expect(judge([one], next, since, times).findings).toEqual([]);
  });

  test.each<[string, () => Issued, boolean, string]>([
    ['that holds for long is no fault yet', () => its.old, false, 'It ends on 20'],
    ['that ends within a third of the time of renewal is one', () => its.endsSoon, true, 'It ends on 20'],
    [
      'that clients do not trust is one',
      () => its.ofBefore,
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

  describe('the old authority', () => {
    const without = (...sights: readonly Sight[]) => needsOthers(sights, [new X509Certificate(its.root.certificate)]);
    const silent = (trouble: 'no-answer' | 'not-listening'): Sight => ({
      who: 'elasticsearch-2',
      seen: bad(trouble, 'x'),
    });

    test('is needed by who is seen with a certificate of it, and perhaps by who cannot be asked', () => {
      expect(
        without(sees('elasticsearch-0', its.current), sees('elasticsearch-1', its.ofBefore), silent('no-answer')),
      ).toBe('elasticsearch-1 still serves its certificate, elasticsearch-2 cannot be asked for its certificate');
      expect(needsOthers(undefined, [new X509Certificate(its.root.certificate)])).toBe(
        'who serves which certificate is not known',
      );
    });

    test('is not needed by who serves another, or nothing', () => {
      expect(without()).toBeUndefined();
      expect(without(sees('elasticsearch-0', its.current), silent('not-listening'))).toBeUndefined();
    });
  });
});
