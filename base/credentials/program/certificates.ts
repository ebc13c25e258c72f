// The nodes' certificate and Kibana's: Secrets elasticsearch-tls and kibana-tls, each on its own. A new authority comes
// with an overlap in which both are trusted:
//   1. ca.crt becomes a bundle: the new authority and the old one. Everybody reads it within KEEP_PREVIOUS_SECONDS,
//      nodes within a minute or two
//   2. the certificate is signed by the new one
//   3. KEEP_PREVIOUS_SECONDS later, and when it is known that nobody serves a certificate of the old one any more, that
//      is not trusted any more

import { CA, findAuthority } from './authority.ts';
import { type Authority, flawOf } from './authority-check.ts';
import { dueStep, namesFor } from './due.ts';
import { certificatesOf, endOf, firstOf, printsOf } from './pem.ts';
import type { Look } from './ports.ts';
import { type Change, isOfOthers, isOurs, isThere, textOf } from './secret.ts';
import { judge, needsOthers, type Sight, type Since } from './served.ts';
import { DAY, moment } from './time.ts';

/** The Secrets, and the headless Services of those who serve them. */
const SERVICES = { 'elasticsearch-tls': 'elasticsearch-nodes', 'kibana-tls': 'kibana-instances' };

export const keepCertificates = async (look: Look): Promise<void> => {
  const { settings, secrets, report, certutil } = look;
  await certutil.forget();
  const sights = await seeAll(look);
  for (const name of Object.keys(SERVICES)) {
    announceEnd(look, name, 'tls.crt');
    if (secrets.known(name) === 'absent' && !settings.makesCertificates)
      report.failed(`absent ${name}`, `there is no Secret ${name}, and it is not made here (MAKE_CERTIFICATES is no)`);
  }
  // What somebody else makes needs no authority here.
  const own = Object.keys(SERVICES).filter((name) => !isOfOthers(secrets.known(name)));
  const made = own.filter((name) => secrets.known(name) !== 'unknown');
  if (!settings.makesCertificates || made.length === 0) return;
  const authority = await findAuthority(look);
  announceEnd(look, CA, 'ca.crt');
  if (authority === undefined) return;
  for (const name of made) await keep(look, name, authority, sights.get(name));
};

const warnSeconds = ({ settings }: Look): number => Math.floor(settings.renewBeforeDays / 3) * DAY;

/** Of what somebody else has made, who renews it. */
const announceEnd = (look: Look, name: string, key: string): void => {
  const secret = look.secrets.known(name);
  const certificate = isThere(secret) && !isOurs(secret) ? firstOf(textOf(secret, key) ?? '') : undefined;
  if (certificate === undefined || endOf(certificate) > look.now() + warnSeconds(look)) return;
  const end = moment(endOf(certificate));
  look.report.once(`end ${name}`, `Secret ${name} was made by somebody else, and its certificate ends on ${end}`);
};

/** What is served, where that is known. Tells of those that serve what they should not. */
const seeAll = async (look: Look): Promise<ReadonlyMap<string, readonly Sight[]>> => {
  const { settings, secrets, report, seeServed, now, memory } = look;
  const services = Object.entries(SERVICES);
  const seen = await Promise.all(services.map(async ([name, service]) => ({ name, answer: await seeServed(service) })));
  const sights = new Map<string, readonly Sight[]>();
  const since = new Map<string, ReadonlyMap<string, Since>>();
  for (const { name, answer } of seen) {
    const before = memory.served.get(name) ?? new Map<string, Since>();
    // A look that saw nothing ends no wait: else DNS that fails now and then would keep a fault from ever being told.
    since.set(name, before);
    if (!answer.ok) report.once(`served ${name}`, `who serves which certificate is not known: ${answer.detail}`);
    const secret = secrets.known(name);
    const certificate = isThere(secret) ? firstOf(textOf(secret, 'tls.crt') ?? '') : undefined;
    if (answer.ok) sights.set(name, answer.value);
    if (!answer.ok || !isThere(secret) || certificate === undefined) continue;
    // Chains of somebody else's authority are not ours to judge.
    const trusted = isOurs(secret) ? certificatesOf(textOf(secret, 'ca.crt') ?? '') : [];
    const times = { now: now(), spreadSeconds: settings.spreadSeconds, warnSeconds: warnSeconds(look) };
    const judged = judge(answer.value, { secret: name, certificate, trusted }, before, times);
    since.set(name, judged.since);
    for (const { who, text, fails } of judged.findings) report[fails ? 'failed' : 'once'](`served by ${who}`, text);
  }
  memory.served = since;
  return sights;
};

/** Makes it, or does the step that is due. */
const keep = async (
  look: Look,
  name: string,
  authority: Authority,
  sights: readonly Sight[] | undefined,
): Promise<void> => {
  const { settings, secrets, report, now } = look;
  const names = namesFor(name, settings.namespace, look.domain);
  const found = secrets.known(name);
  if (!isThere(found)) {
    const signed = await sign(look, name, names, authority);
    if (signed !== undefined)
      await secrets.make(name, { ...signed, values: { 'ca.crt': authority.bundle, ...signed.values } });
    return;
  }
  const change = async (what: Change | undefined, says: string): Promise<void> => {
    if (what !== undefined && (await secrets.change(found, what)) !== undefined) report.done(`${name}: ${says}`);
  };
  const [bundle, certificate] = [textOf(found, 'ca.crt'), firstOf(textOf(found, 'tls.crt') ?? '')];
  if (bundle === undefined) return report.failed(`lacks ${name}`, `Secret ${name} lacks ca.crt`);
  const step = dueStep({
    notes: found.notes,
    trusted: printsOf(bundle),
    authority: authority.prints,
    signer: authority.signerPrint,
    ends: certificate === undefined ? 0 : endOf(certificate),
    names: names.join(','),
    now: now(),
    keepPreviousSeconds: settings.keepPreviousSeconds,
    renewBeforeSeconds: settings.renewBeforeDays * DAY,
  });
  if (step === 'trust' && isLongEnough(look, name, authority)) {
    const both = `${authority.bundle}\n${bundle}\n`.replace(/\n\s*\n/g, '\n');
    const trust = { values: { 'ca.crt': both }, notes: { 'trusted-at': moment(now()) } };
    await change(trust, 'the new authority is trusted beside the old one');
  } else if (step === 'sign')
    await change(await sign(look, name, names, authority), 'the certificate is signed by the new authority');
  else if (step === 'renew') await change(await sign(look, name, names, authority), 'there is a new certificate');
  else if (step === 'forget') {
    const why = needsOthers(sights, authority.certificates);
    const alone = { values: { 'ca.crt': authority.bundle }, notes: { 'trusted-at': undefined } };
    if (why === undefined) await change(alone, 'the old authority is not trusted any more');
    else report.once(`old ${name}`, `${name}: the old authority stays trusted, since ${why}`);
  }
};

const isLongEnough = ({ settings, report, now }: Look, name: string, { ends }: Authority): boolean => {
  const days = settings.certificateDays;
  if (ends > now() + days * DAY) return true;
  const what = `the authority ends on ${moment(ends)}, before a certificate of ${days} days would`;
  const way = `Put a new authority into Secret ${CA}, or lower CERTIFICATE_DAYS`;
  report.failed(`sign ${name}`, `${name}: nothing is changed, since ${what}. ${way}`);
  return false;
};

const sign = async (
  look: Look,
  name: string,
  names: readonly string[],
  authority: Authority,
): Promise<Change | undefined> => {
  const { settings, certutil, report, now } = look;
  if (!isLongEnough(look, name, authority)) return undefined;
  // The first one alone: the tool takes a single certificate.
  const signer = {
    certificate: authority.signer.toString(),
    key: authority.key.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
  const made = await certutil.certificate(settings.certificateDays, names, signer);
  const flaw = made.ok ? flawOf(made.value, names, authority, now()) : made.detail;
  const certificate = made.ok ? firstOf(made.value.certificate) : undefined;
  if (!made.ok || flaw !== undefined || certificate === undefined) {
    report.failed(`certutil ${name}`, `${name}: no new certificate can be used: ${flaw ?? ''}`);
    return undefined;
  }
  return {
    values: { 'tls.crt': made.value.certificate, 'tls.key': made.value.key },
    notes: {
      expires: moment(endOf(certificate)),
      hosts: names.join(','),
      'signed-by': authority.signerPrint,
      'signed-at': moment(now()),
      rotate: undefined,
    },
  };
};
