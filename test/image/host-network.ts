// What a Docker engine changes on the host's network, and how to undo it: a bridge, firewall chains, a policy, a
// setting.
import { readFileSync, writeFileSync } from 'node:fs';
import { run } from '../../scripts/lib/process.ts';

export interface HostNetwork {
  readonly forwardPolicy: string;
  readonly ipForward: string;
}

const IP_FORWARD = '/proc/sys/net/ipv4/ip_forward';
const ofDocker = /\b(DOCKER[\w-]*|docker0|172\.17\.0\.0\/16)/;

export async function networkBefore(): Promise<HostNetwork> {
  return {
    forwardPolicy: /^-P FORWARD (\w+)$/m.exec(await rules('filter'))?.[1] ?? 'ACCEPT',
    ipForward: readFileSync(IP_FORWARD, 'utf8').trim(),
  };
}

export async function restoreNetwork(before: HostNetwork): Promise<void> {
  for (const table of ['filter', 'nat']) {
    for (const args of removals(await rules(table))) await run('iptables', ['--table', table, ...args]);
  }
  await run('iptables', ['--policy', 'FORWARD', before.forwardPolicy]);
  await run('ip', ['link', 'delete', 'docker0']);
  writeFileSync(IP_FORWARD, before.ipForward);
}

/** The iptables calls that take Docker's part out of a table's rules, as `iptables --list-rules` prints them. */
export function removals(listed: string): string[][] {
  const lines = listed.split('\n').filter((line) => ofDocker.test(line));
  const ruleLines = lines.filter((line) => line.startsWith('-A '));
  const chains = lines.filter((line) => line.startsWith('-N ')).map((line) => line.slice(3));
  return [
    ...ruleLines.map((line) => ['-D', ...line.slice(3).split(' ')]),
    ...chains.map((chain) => ['-F', chain]),
    ...chains.map((chain) => ['-X', chain]),
  ];
}

async function rules(table: string): Promise<string> {
  return (await run('iptables', ['--table', table, '--list-rules'])).stdout;
}
