// Which certificate each pod behind a headless Service serves. DNS has a record for each of them, with its name and its
// port: https://github.com/kubernetes/dns/blob/master/docs/specification.md

import type { X509Certificate } from 'node:crypto';
import type { SrvRecord } from 'node:dns';
import { Resolver } from 'node:dns/promises';
import { connect } from 'node:tls';
import { type Answer, bad, good } from '../../lib/answer.ts';
import type { SeeServed } from './ports.ts';
import type { Sight } from './served.ts';

const SECONDS = 5;

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : String(error);

/** DNS answered, and there is nothing of that name. */
const isNone = (error: unknown): boolean => ['ENOTFOUND', 'ENODATA'].includes(codeOf(error));

/** `servers`: undefined for those of the pod. */
export const servedIn =
  (namespace: string, domain: string, servers: readonly string[] | undefined): SeeServed =>
  async (service) => {
    const resolver = new Resolver({ timeout: 1000, tries: 2 });
    if (servers !== undefined) resolver.setServers(servers);
    const deadline = setTimeout(() => resolver.cancel(), SECONDS * 1000);
    const own = `${service}.${namespace}.svc.${domain}`;
    const name = `_https._tcp.${own}`;
    try {
      // DNS changes their order at each answer; what is said of them must not change with it.
      const records = (await resolver.resolveSrv(name)).sort((a, b) => a.name.localeCompare(b.name));
      const sights = records.map(async (record) => ({
        who: record.name.split('.', 1)[0] ?? '',
        seen: await certificateOf(resolver, record),
      }));
      return good(await Promise.all(sights));
    } catch (error) {
      return isNone(error) ? await nobody(resolver, own) : bad('no-answer', `${name}: ${codeOf(error)}`);
    } finally {
      clearTimeout(deadline);
    }
  };

const addressesOf = async (resolver: Resolver, name: string): Promise<readonly string[]> => {
  try {
    return await resolver.resolve4(name);
  } catch (error) {
    if (!isNone(error)) throw error;
    return resolver.resolve6(name);
  }
};

/** A Service without such a port is one of nobody only where it has no addresses either. */
const nobody = async (resolver: Resolver, service: string): Promise<Answer<readonly Sight[]>> => {
  try {
    await addressesOf(resolver, service);
    return bad('not-understood', `DNS knows pods of ${service}, and no port https of theirs`);
  } catch (error) {
    return isNone(error) ? good([]) : bad('no-answer', `${service}: ${codeOf(error)}`);
  }
};

/** A pod without an address is one that cannot be asked, and says nothing about the others. */
const certificateOf = async (resolver: Resolver, { name, port }: SrvRecord): Promise<Answer<X509Certificate>> => {
  try {
    const [address] = await addressesOf(resolver, name);
    return await (address === undefined ? bad('no-answer', `${name}: no address`) : certificateAt(name, address, port));
  } catch (error) {
    return bad('no-answer', `${name}: ${codeOf(error)}`);
  }
};

/** Nothing is sent, and whoever it is may show what he likes: only what he shows is looked at. */
const certificateAt = (name: string, host: string, port: number): Promise<Answer<X509Certificate>> =>
  new Promise((resolve) => {
    const socket = connect({ host, port, servername: name, rejectUnauthorized: false });
    const end = (answer: Answer<X509Certificate>): void => {
      clearTimeout(deadline);
      resolve(answer);
      socket.destroy();
    };
    const fail = (why: string): void =>
      end(bad(why === 'ECONNREFUSED' ? 'not-listening' : 'no-answer', `${name}:${port}: ${why}`));
    const deadline = setTimeout(() => fail(`no certificate within ${SECONDS} s`), SECONDS * 1000);
    socket.on('error', (error) => fail(codeOf(error)));
    socket.on('close', () => fail('the connection was closed'));
    socket.on('secureConnect', () => {
      const certificate = socket.getPeerX509Certificate();
      if (certificate === undefined) fail('no certificate');
      else end(good(certificate));
    });
  });
