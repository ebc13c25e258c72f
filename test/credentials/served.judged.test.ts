// What is made of the certificates that are served: not the one that a Secret holds counts, but the one that whoever
// connects is shown.
import { X509Certificate } from 'node:crypto';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { judge, needsOthers, type Sight, type Since } from '../../base/credentials/program/served.ts';
import { bad, good } from '../../base/lib/answer.ts';
import type { Issued } from './support/issue.ts';
import { type Shown, shown } from './support/shown.ts';

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
