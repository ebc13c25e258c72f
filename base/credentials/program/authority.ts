// The authority: Secret elasticsearch-ca. Whatever replaces it (its age, a request, another one that somebody puts
// there) changes only that Secret; certificates.ts does the rest, with an overlap.

import { type Authority, checkAuthority } from './authority-check.ts';
import { endOf, firstOf } from './pem.ts';
import type { Look } from './ports.ts';
import { bytesOf, type Change, isOfOthers, isOurs, isThere, PREFIX, type Secret, textOf } from './secret.ts';
import { DAY, dayOf, moment } from './time.ts';
import { USERS } from './users.ts';

export const CA = 'elasticsearch-ca';
const TLS = 'elasticsearch-tls';

/** The authority that signs, made where there is none. Undefined: there is none that can be used, and why is told. */
export const findAuthority = async (look: Look): Promise<Authority | undefined> => {
  const { secrets, report, now } = look;
  const found = secrets.known(CA);
  if (found === 'unknown') return undefined;
  // It was made while the nodes' certificate came from elsewhere, and that is gone: then no node ever trusted it.
  const isKibanas = isThere(found) && found.notes['only-for'] !== undefined && secrets.known(TLS) === 'absent';
  if ((found === 'absent' || isKibanas) && !mayBegin(look, isKibanas)) return undefined;
  const secret =
    found === 'absent'
      ? await make(look)
      : isKibanas
        ? await secrets.change(found, { notes: { 'only-for': undefined } })
        : isOurs(found) && isDue(look, found)
          ? await renew(look, found)
          : found;
  if (secret === undefined) return undefined;
  const [bundle, key] = ['ca.crt', 'ca.key'].map((name) => bytesOf(secret, name)?.toString() ?? '');
  const authority = checkAuthority(bundle ?? '', key ?? '', now());
  if (typeof authority === 'string') {
    report.failed('authority', `Secret ${CA} cannot be used, so nothing is changed or signed: ${authority}`);
    return undefined;
  }
  if (!isOurs(secret) && secret.notes['rotate'] !== undefined) {
    const way = `put a new one there, or delete the annotation ${PREFIX}rotate`;
    report.once('rotate authority', `a new authority is asked for, but somebody else has made Secret ${CA}: ${way}`);
  }
  return authority;
};

/** It must outlive everything that it signs. */
const isDue = ({ settings, now }: Look, secret: Secret): boolean => {
  const certificate = firstOf(textOf(secret, 'ca.crt') ?? '');
  const end = now() + (settings.certificateDays + settings.renewBeforeDays) * DAY;
  return secret.notes['rotate'] === 'requested' || (certificate !== undefined && endOf(certificate) <= end);
};

/** Whether nothing depends on an authority that is gone: none was ever used, or somebody accepts a new one. */
const mayBegin = ({ settings, secrets, formed, report, now }: Look, isKibanas: boolean): boolean => {
  const [tls, users, marker] = [secrets.known(TLS), secrets.known(USERS), formed.marker()];
  if (tls === 'unknown' || marker === 'unknown') return false;
  // In a Secret, since the agents' account may write the marker.
  const accepted = isThere(users) ? users.notes['new-authority'] : undefined;
  if (isOfOthers(tls) || marker === 'absent') return true;
  if (accepted === dayOf(now()) || accepted === dayOf(now() - DAY)) return true;
  const mark = `${PREFIX}new-authority=${dayOf(now())}`;
  const command = `kubectl -n ${settings.namespace} annotate --overwrite secret ${USERS} ${mark}`;
  const after =
    tls === 'absent'
      ? '(elasticsearch-tls is gone too: connections fail until every node and client has the new one)'
      : '(nodes will trust both for a while)';
  report.failed(
    'authority',
    `Secret ${isKibanas ? `${TLS}, made by somebody else,` : CA} is gone, but the cluster has formed: without it ` +
      'nothing can be signed, and clients outside know its certificate. Restore the Secret from a backup, or accept ' +
      `a new authority with '${command}' ${after}.`,
  );
  return false;
};

/** Under a name of its own, so that two of them can't be taken for each other. */
const newAuthority = async ({ settings, certutil, report, now }: Look): Promise<Change | undefined> => {
  const subject = `CN=delivery-reviews ${settings.namespace} ${moment(now()).slice(0, -1)}`;
  const made = await certutil.authority(settings.authorityDays, subject);
  const checked = made.ok ? checkAuthority(made.value.certificate, made.value.key, now()) : made.detail;
  if (!made.ok || typeof checked === 'string') {
    report.failed('certutil authority', `no new authority can be used: ${String(checked)}`);
    return undefined;
  }
  const { certificate, key } = made.value;
  return { values: { 'ca.crt': certificate, 'ca.key': key }, notes: { expires: moment(checked.ends) } };
};

const make = async (look: Look): Promise<Secret | undefined> => {
  const change = await newAuthority(look);
  if (change === undefined) return undefined;
  const only = isOfOthers(look.secrets.known(TLS)) ? { 'only-for': 'kibana-tls' } : {};
  const secret = await look.secrets.make(CA, { ...change, notes: { ...change.notes, ...only } });
  return isThere(secret) ? secret : undefined;
};

const renew = async (look: Look, secret: Secret): Promise<Secret | undefined> => {
  const change = await newAuthority(look);
  if (change === undefined) return undefined;
  const changed = await look.secrets.change(secret, { ...change, notes: { ...change.notes, rotate: undefined } });
  if (changed !== undefined) look.report.done('there is a new authority; nodes learn to trust it first');
  return changed;
};
