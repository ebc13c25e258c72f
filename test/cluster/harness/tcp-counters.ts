// What the kernel counts of the TCP connections of a pod.
import { readFileSync } from 'node:fs';
import { findJvm } from './jvm.ts';
import type { Pod } from './kube.ts';

export interface TcpCounters {
  /** Connections given up since the other end was silent, whether it was asked by keepalive or sent data again. */
  readonly givenUp: number;
  /** Questions of keepalive. */
  readonly asked: number;
}

/** From the text of /proc/PID/net/netstat: pairs of lines, of names and of values. */
export const tcpCounters = (text: string): TcpCounters => {
  const [names = [], values = []] = text
    .split('\n')
    .filter((line) => line.startsWith('TcpExt:'))
    .map((line) => line.split(' '));
  const value = (name: string): number => {
    const found = Number(values[names.indexOf(name)]);
    if (!Number.isInteger(found)) throw new Error(`the kernel counts no ${name}`);
    return found;
  };
  return { givenUp: value('TCPAbortOnTimeout'), asked: value('TCPKeepAlive') };
};

const tcpCountersOf = (pod: Pod): TcpCounters => {
  const pid = findJvm(pod);
  if (pid === undefined) throw new Error(`no server runs in ${pod.name}`);
  return tcpCounters(readFileSync(`/proc/${pid}/net/netstat`, 'utf8'));
};

/** Of several pods. Data sent again is given up only after minutes: within seconds it is keepalive that closes. */
export const givenUp = (pods: readonly Pod[]): number => pods.reduce((sum, pod) => sum + tcpCountersOf(pod).givenUp, 0);
