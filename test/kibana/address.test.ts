// Where Kibana listens, in network namespaces of each kind, with real sockets: the kubelet's probe comes by the pod's
// own address, `kubectl port-forward` by localhost inside of the pod, first as IPv4, then as IPv6.
// https://github.com/containerd/containerd/blob/main/internal/cri/server/sandbox_portforward_linux.go
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { bashCommand } from '../support/bash.ts';
import { networkNamespaces } from '../support/needs/machine.ts';
import { suiteNeeding } from '../support/needs/suite.ts';
import { Pod } from './support/place.ts';

const limit = 60_000;
let pod: Pod;
beforeEach(() => {
  pod = new Pod();
});
afterEach(() => pod.remove());

const off =
  'for kind in all default lo; do echo 1 > /proc/sys/net/ipv6/conf/$kind/disable_ipv6; done; ip link set lo up; ' +
  'ip addr add 10.244.1.5/32 dev lo';
const four = 'ip link set lo up; ip addr add 10.244.1.5/32 dev lo';
const six = 'ip link set lo up; ip -6 addr add fd00::5/128 dev lo nodad';
const both = `${four}; ip -6 addr add fd00::5/128 dev lo nodad`;

const inside = (setUp: string, env: Record<string, string>): void =>
  pod.start({ PORT: '5601', ...env }, ['unshare', '--net', ...bashCommand(`set -e; ${setUp}; exec "$@"`)]);

const answers = (address: string): boolean => {
  const url = `http://${address.includes(':') ? `[${address}]` : address}:5601/api/status`;
  const pid = String(pod.said()[0]?.pid);
  return (
    spawnSync('nsenter', ['-t', pid, '-n', 'curl', '-s', '-m', '5', '-o', '/dev/null', '-w', '%{http_code}', url], {
      encoding: 'utf8',
    }).stdout === '200'
  );
};

const listens = (): Promise<void> =>
  pod.until(() => pod.events().some((event) => event === 'listening' || event === 'failed'));

suiteNeeding('Kibana listens where the pod has addresses', [networkNamespaces], () => {
  test.each([
    ['IPv6 is switched off', off, '10.244.1.5', ['10.244.1.5', '127.0.0.1'], ['::1']],
    ['the cluster has IPv4 only', four, '10.244.1.5', ['10.244.1.5', '127.0.0.1'], []],
    ['the cluster has IPv6 only', six, 'fd00::5', ['fd00::5', '127.0.0.1', '::1'], []],
    ['the cluster has both, IPv4 first', both, '10.244.1.5,fd00::5', ['10.244.1.5', 'fd00::5', '127.0.0.1', '::1'], []],
    ['the cluster has both, IPv6 first', both, 'fd00::5,10.244.1.5', ['10.244.1.5', 'fd00::5', '127.0.0.1', '::1'], []],
  ])(
    'where %s',
    async (_, setUp, POD_IPS, reached, closed) => {
      inside(setUp, { POD_IPS });
      await listens();
      expect(pod.events()).toEqual(['start', 'listening']);
      expect(reached.filter((address) => !answers(address))).toEqual([]);
      expect(closed.filter(answers)).toEqual([]);
    },
    limit,
  );

  test(
    'one address for all would not do: 0.0.0.0 answers no IPv6',
    async () => {
      // What the script would do if the pod's addresses were others.
      inside(six, { POD_IPS: '10.244.1.5' });
      await listens();
      expect(pod.events()).toEqual(['start', 'listening']);
      expect(answers('127.0.0.1')).toBe(true);
      expect(answers('fd00::5')).toBe(false);
    },
    limit,
  );
});

test('the script gets all addresses of the pod, and kibana.yml takes what it makes of them', () => {
  const read = (file: string): string => readFileSync(`base/kibana/${file}`, 'utf8');
  expect(read('deployment.yaml')).toMatch(
    /name: POD_IPS\s+valueFrom:\s+fieldRef:\s+apiVersion: v1\s+fieldPath: status\.podIPs/,
  );
  expect(read('kibana.yml')).toContain('\nserver.host: ${KIBANA_HOST}\n');
});
