// The password of the built-in user elastic, which is kept in the cluster and not in the users file. Until the cluster
// has stored it, it is only compared with, and each node has its own copy, in its keystore (lifecycle/keystore.sh). So
// as soon as the cluster has formed it is set through the API, and ConfigMap elasticsearch-formed gets the mark
// superuser_stored, which nodes read at their start. Whoever starts over with a new cluster deletes that ConfigMap, and
// the mark with it.

import { accepted } from '../../lib/http.ts';
import type { Look } from './ports.ts';
import { checksum, isOurs, isThere, textOf } from './secret.ts';
import { ELASTIC, newPassword } from './users.ts';

/** For the log: how to set a password when nobody knows the one that is in the cluster. */
const byHand = ({ settings }: Look, what: string): string => {
  // The tool calls the node's published address, which the certificate does not name: hence --url
  const onANode = `kubectl -n ${settings.namespace} exec elasticsearch-0 -c elasticsearch --`;
  const command = `${onANode} elasticsearch-reset-password -u elastic -a -b -s --url https://localhost:9200`;
  return (
    `Set a new one with '${command}', which prints it, ${what}, and delete that pod, which the command has cut off ` +
    'from the Secret elasticsearch-users.'
  );
};

/** Its Secret. Once the cluster has formed the password is in the cluster, so it can't just be made anew. */
export const makeSuperuser = async (look: Look): Promise<void> => {
  const { secrets, formed, report } = look;
  const marker = formed.marker();
  if (secrets.known(ELASTIC) !== 'absent' || marker === 'unknown') return;
  if (marker === 'absent') {
    await secrets.make(ELASTIC, { values: { username: 'elastic', password: newPassword() } });
    return;
  }
  const state = marker.superuserStored
    ? 'and still has the old password'
    : 'and whether it has stored the password is not known (a node that was made anew since may not take it)';
  const way = byHand(look, 'store it as that Secret (keys username and password)');
  const backup = `Restore the Secret from a backup. If there is none: ${way}`;
  report.failed(
    'elastic',
    `Secret ${ELASTIC} is gone, but the cluster has formed ${state}, so none is made. ${backup}`,
  );
};

interface Asked {
  /** Of the answer; 0 where there was none. */
  readonly status: number;
  /** For the log. */
  readonly words: string;
}

interface Asking {
  readonly set: (old: string, password: string) => Promise<Asked>;
  readonly isLetIn: (password: string) => Promise<Asked>;
}

/** Elasticsearch, as the superuser; undefined where its authority is not known. */
const asking = ({ secrets, report, asElastic }: Look): Asking | undefined => {
  const tls = secrets.known('elasticsearch-tls');
  const authority = isThere(tls) ? textOf(tls, 'ca.crt') : undefined;
  if (authority === undefined) {
    // One that can't be read was told of when it was read.
    if (tls !== 'unknown')
      report.failed(
        'elastic',
        'Elasticsearch cannot be asked about user elastic: no ca.crt in Secret elasticsearch-tls',
      );
    return undefined;
  }
  const ask = async (password: string, method: 'GET' | 'POST', path: string, body?: object): Promise<Asked> => {
    const answer = await asElastic(authority, password, method, path, body);
    if (!answer.ok) return { status: 0, words: answer.detail };
    const said = accepted(`${method} ${path}`, answer.value);
    return { status: answer.value.status, words: said.ok ? '' : said.detail };
  };
  return {
    set: (old, password) => ask(old, 'POST', '/_security/user/elastic/_password', { password }),
    isLetIn: (password) => ask(password, 'GET', '/_security/_authenticate'),
  };
};

/** To the next password of its Secret, if there is one: stored first, then set, then the Secret says so. */
export const changeSuperuser = async (look: Look): Promise<void> => {
  const { secrets, report } = look;
  const secret = secrets.known(ELASTIC);
  if (!isThere(secret) || !isOurs(secret)) return;
  const [password, next] = [textOf(secret, 'password'), textOf(secret, 'next-password')];
  if (password === undefined || next === undefined) return;
  const cluster = asking(look);
  if (cluster === undefined) return;
  let answer = await cluster.set(password, next);
  // Perhaps it was set already, and the program killed before it could say so.
  if (answer.status === 401) answer = await cluster.isLetIn(next);
  if (answer.status === 200) {
    const done = { values: { password: next, 'next-password': undefined }, notes: { phase: undefined } };
    if ((await secrets.change(secret, done)) !== undefined) report.done('the password of elastic is a new one');
  } else if (answer.status === 401) {
    const way = byHand(look, 'store it as password in that Secret, remove next-password');
    const neither = `the cluster takes neither the password nor the next-password of Secret ${ELASTIC}`;
    report.failed('elastic', `${neither} for user elastic. While the cluster starts, this passes. Otherwise: ${way}`);
  } else report.once('elastic', `the password of elastic can't be changed yet (${answer.words}); trying again`);
};

/** U+FFFD stands for bytes that are no UTF-8. */
const isOneLine = (password: string): boolean =>
  !password.includes('\ufffd') && Buffer.from(password).every((byte) => byte >= 0x20 && byte !== 0x7f);

/**
 * In the cluster, once that has formed; later, whether the cluster takes the password that the Secret has now. May be
 * repeated.
 */
export const storeSuperuser = async (look: Look): Promise<void> => {
  const { secrets, formed, report, memory } = look;
  const secret = secrets.known(ELASTIC);
  const marker = formed.marker();
  memory.storeSoon = false;
  // One that is about to be changed is stored by that.
  if (!isThere(secret) || (isOurs(secret) && textOf(secret, 'next-password') !== undefined)) return;
  if (typeof marker === 'string') {
    memory.storeSoon = marker === 'absent';
    return;
  }
  const password = textOf(secret, 'password');
  if (password === undefined || !isOneLine(password))
    return report.failed('elastic', `Secret ${ELASTIC} needs a password of one line, without control characters`);
  const known = checksum({ password });
  if (marker.superuserStored && memory.proven === known) return;
  const cluster = asking(look);
  if (cluster === undefined) return;
  const answer = await (marker.superuserStored ? cluster.isLetIn(password) : cluster.set(password, password));
  if (answer.status === 200) {
    // Where it can't be noted it is stored again at the next look: another cluster may have formed meanwhile.
    if (marker.superuserStored || (await formed.noteSuperuserStored())) memory.proven = known;
  } else if (answer.status === 401) {
    const way = byHand(look, 'store it as password in that Secret');
    const other = `the cluster does not take the password of Secret ${ELASTIC} for user elastic`;
    const what = 'While the cluster starts, this passes. Otherwise put the right one into that Secret';
    report.failed('elastic', `${other}. ${what}; if nobody knows it: ${way}`);
  } else if (answer.status === 400)
    report.failed('elastic', `the cluster refuses the password of Secret ${ELASTIC} for user elastic: ${answer.words}`);
  // A cluster that is down and has stored it is not the fault of the credentials.
  else if (!marker.superuserStored) {
    memory.storeSoon = true;
    report.failed(
      'elastic',
      `the password of elastic can't be stored in the cluster yet (${answer.words}); trying again`,
    );
  }
};
