// Clusters with IPv4, IPv6 or both: Services on a real API server, and a real node of Elasticsearch in namespaces
// of each kind, asked as its probe, its agent and its clients do.
import { type ChildProcess, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import type { IService } from 'kubernetes-models/v1';
import type { KubernetesObject } from '../../scripts/lib/objects.ts';
import { root } from '../../scripts/lib/paths.ts';
import { renderFolder } from '../render/harness.ts';
import { ApiServer } from '../support/api-server.ts';
import { bashCommand } from '../support/bash.ts';
import { elasticsearch, elasticsearchHome } from '../support/needs/elasticsearch.ts';
import { networkNamespaces } from '../support/needs/machine.ts';
import { apiServer } from '../support/needs/programs.ts';
import { suiteNeeding } from '../support/needs/suite.ts';
import { giveToServer, launchServer, nodeFolder, singleNodeSettings } from '../support/single-node.ts';

const limit = 900_000;

suiteNeeding('the Services of prod', [apiServer], () => {
  test.each([
    ['IPv4 only', '10.97.0.0/16', 1],
    ['both families', '10.97.0.0/16,fd00:97::/108', 2],
  ])(
    'have an address of each family in a cluster with %s',
    async (_, ranges, families) => {
      const { objects } = await renderFolder('overlays/prod');
      const services = objects.filter((object): object is KubernetesObject & IService => object.kind === 'Service');
      const server = await ApiServer.start(ranges);
      try {
        await server.must({ method: 'POST', path: 'namespaces', body: { metadata: { name: 'reviews' } } });
        const made = new Map<string, IService>();
        for (const body of services)
          made.set(
            body.metadata.name,
            await server.must<IService>({ method: 'POST', path: 'namespaces/reviews/services', body }),
          );
        const of = (name: string): number => made.get(name)?.spec?.ipFamilies?.length ?? 0;
        expect([...made.keys()].sort()).toEqual(['elasticsearch', 'elasticsearch-nodes', 'kibana', 'kibana-instances']);
        expect([of('elasticsearch'), of('kibana')]).toEqual([families, families]);
        expect(made.get('elasticsearch')?.spec?.clusterIPs).toHaveLength(families);
        // Nodes know each other by one address, and instances of Kibana count by it.
        expect([of('elasticsearch-nodes'), of('kibana-instances')]).toEqual([1, 1]);
      } finally {
        await server.stop();
      }
    },
    limit,
  );
});

const four = 'ip link set lo up; ip addr add 10.244.1.5/32 dev lo';
const six = 'ip link set lo up; ip -6 addr add fd00::5/128 dev lo nodad';
const off = `for kind in all default lo; do echo 1 > /proc/sys/net/ipv6/conf/$kind/disable_ipv6; done; ${four}`;

const base = readFileSync(join(root, 'base/elasticsearch/config/elasticsearch.yml'), 'utf8');
const lineOf = (setting: string): string => new RegExp(`^${setting}: .*$`, 'm').exec(base)?.[0] ?? '';

suiteNeeding('a node answers its probe, its agent and its clients', [elasticsearch, networkNamespaces], () => {
  let child: ChildProcess | undefined;
  let folder = '';
  afterEach(async () => {
    const ended = new Promise((resolve) => child?.once('close', resolve));
    child?.kill('SIGKILL');
    await ended;
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  const inside = (...command: string[]) =>
    spawnSync('nsenter', ['-t', String(child?.pid), '-n', ...command], {
      encoding: 'utf8',
      env: { ...process.env, AGENT: join(folder, 'agent'), ES_HOME: folder, ES_URL: 'http://localhost:9200' },
    });
  const answers = (address: string): boolean =>
    inside('curl', '-sf', '-m', '5', `http://${address.includes(':') ? `[${address}]` : address}:9200/`).status === 0;
  const probe = (): number | null => inside('bash', join(root, 'base/elasticsearch/lifecycle/ready.sh')).status;

  test.each([
    ['IPv6 is switched off', off, ['10.244.1.5', '127.0.0.1']],
    ['IPv6 only', six, ['fd00::5', '127.0.0.1', '::1']],
    ['both', `${four}; ${six}`, ['10.244.1.5', 'fd00::5', '127.0.0.1', '::1']],
  ])(
    'where a pod has %s',
    async (_, setUp, addresses) => {
      folder = nodeFolder(elasticsearchHome, 'families-');
      for (const name of ['agent/admitted', 'config/certificates']) mkdirSync(join(folder, name), { recursive: true });
      writeFileSync(join(folder, 'config/certificates/ca.crt'), '');
      const settings = singleNodeSettings(folder, 9200).map((line) =>
        line.startsWith('network.host') ? lineOf('network.host') : line,
      );
      expect(lineOf('network.host')).toBe('network.host: 0.0.0.0');
      const more = [
        lineOf('readiness.port'),
        `network.publish_host: '${addresses[0]}'`,
        'xpack.security.enabled: false',
      ];
      writeFileSync(join(folder, 'config/elasticsearch.yml'), [...settings, ...more].join('\n'));
      giveToServer(folder);
      child = launchServer(elasticsearchHome, folder, 5, [
        'unshare',
        '--net',
        ...bashCommand(`set -e; ${setUp}; exec "$@"`),
      ]);
      const log: string[] = [];
      for (const stream of [child.stdout, child.stderr])
        stream?.on('data', (text: Buffer) => log.push(text.toString()));
      const end = Date.now() + limit / 2;
      while (!answers('127.0.0.1')) {
        if (Date.now() > end || child.exitCode !== null) throw new Error(log.join('').slice(-3000));
        await new Promise((resolve) => setTimeout(resolve, 1000));
      }
      expect(addresses.filter((address) => !answers(address))).toEqual([]);
      // Names its start, and is admitted, as the agent does it.
      expect(probe()).toBe(1);
      writeFileSync(join(folder, 'agent/admitted', readFileSync(join(folder, 'agent/start'), 'utf8').trim()), '');
      while (probe() !== 0) {
        if (Date.now() > end) throw new Error(`the probe fails:\n${log.join('').slice(-3000)}`);
        await new Promise((resolve) => setTimeout(resolve, 1000));
      }
    },
    limit,
  );
});
