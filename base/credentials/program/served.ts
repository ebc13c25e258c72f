// What is made of what the nodes and Kibana serve. They take a new certificate over by themselves, so another one than
// the Secret's is nothing to tell of before the time that this may take has passed.

import type { X509Certificate } from 'node:crypto';
import type { Answer } from '../../lib/answer.ts';
import { endOf, isIssuedBy, printOf } from './pem.ts';
import { moment } from './time.ts';

/** One pod, and the certificate that it shows to whoever connects. */
export interface Sight {
  readonly who: string;
  readonly seen: Answer<X509Certificate>;
}

/** What is not as it should be, and when it was seen first. */
export interface Since {
  readonly what: string;
  readonly seconds: number;
}

interface Expected {
  readonly secret: string;
  readonly certificate: X509Certificate;
  /** The authorities that clients trust; empty: not known here. */
  readonly trusted: readonly X509Certificate[];
}

interface Times {
  readonly now: number;
  /** From a changed Secret until every pod has read it. */
  readonly spreadSeconds: number;
  /** Before the end of a certificate that is served. */
  readonly warnSeconds: number;
}

export interface Finding {
  readonly who: string;
  readonly text: string;
  /** Clients refuse it, or soon will. */
  readonly fails: boolean;
}

export const judge = (
  sights: readonly Sight[],
  { secret, certificate, trusted }: Expected,
  before: ReadonlyMap<string, Since>,
  { now, spreadSeconds, warnSeconds }: Times,
): { readonly since: ReadonlyMap<string, Since>; readonly findings: readonly Finding[] } => {
  const expected = printOf(certificate);
  const since = new Map<string, Since>();
  const findings: Finding[] = [];
  for (const { who, seen } of sights) {
    if (seen.ok && printOf(seen.value) === expected) continue;
    const what = seen.ok ? `not ${expected}` : 'no answer';
    const known = before.get(who);
    const { seconds } = known?.what === what ? known : { seconds: now };
    since.set(who, { what, seconds });
    if (now - seconds < spreadSeconds) continue;
    const when = moment(seconds);
    if (!seen.ok) {
      const text = `${who} could not be asked for its certificate since ${when}: ${seen.detail}`;
      findings.push({ who, text, fails: false });
      continue;
    }
    const end = endOf(seen.value);
    const isTrusted = trusted.length === 0 || trusted.some((one) => isIssuedBy(seen.value, one));
    const refused = isTrusted ? '' : ', and no authority of ca.crt has signed it: clients refuse it';
    const text =
      `${who} serves another certificate than Secret ${secret} has, since ${when} or longer. It ends on ` +
      `${moment(end)}${refused}. A pod that is ending gets no new Secrets; any other that keeps the old one must be ` +
      'made anew.';
    findings.push({ who, text, fails: !isTrusted || end <= now + warnSeconds });
  }
  return { since, findings };
};

/** Why others than these authorities may still be needed; nothing: nobody serves what another one has signed. */
export const needsOthers = (
  sights: readonly Sight[] | undefined,
  authorities: readonly X509Certificate[],
): string | undefined => {
  if (sights === undefined) return 'who serves which certificate is not known';
  const reasons = sights.flatMap(({ who, seen }) => {
    if (seen.ok)
      return authorities.some((one) => isIssuedBy(seen.value, one)) ? [] : [`${who} still serves its certificate`];
    // Whoever does not listen will read the Secret when he begins to.
    return seen.trouble === 'not-listening' ? [] : [`${who} cannot be asked for its certificate`];
  });
  return reasons.length === 0 ? undefined : reasons.join(', ');
};
