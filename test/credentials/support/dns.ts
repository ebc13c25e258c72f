// The DNS of a Kubernetes cluster: a real CoreDNS that reads Services and EndpointSlices from the real API server.
// There is no controller, so what it knows of pods is written by the tests.
import { type ChildProcess, spawn } from 'node:child_process';
import { Resolver } from 'node:dns/promises';
import { writeFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import type { ApiServer } from '../../support/api-server.ts';
import { freePort } from '../../support/free-port.ts';
import { binaries } from '../../support/needs/programs.ts';

const readySeconds = 60;

const coreDns = join(binaries, 'coredns');

const running = new WeakMap<ApiServer, Dns>();

/** Of this machine. The API server takes no address of the loopback interface for one of a pod. */
const ownAddress = (): string => {
  const all = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  const found = all.find(({ family, internal }) => family === 'IPv4' && !internal);
  if (found === undefined) throw new Error('this machine has no IPv4 address but that of the loopback interface');
  return found.address;
};

export interface Pod {
  readonly name: string;
  readonly port: number;
}

export class Dns {
  private constructor(
    private readonly server: ApiServer,
    readonly address: string,
    private readonly child: ChildProcess,
  ) {}

  static of(server: ApiServer): Dns {
    const found = running.get(server);
    if (found === undefined) throw new Error('no DNS was started beside this API server');
    return found;
  }

  static async start(server: ApiServer): Promise<Dns> {
    const port = await freePort();
    const [corefile, kubeconfig] = [join(server.folder, 'Corefile'), join(server.folder, 'dns-kubeconfig')];
    writeFileSync(kubeconfig, server.kubeconfig());
    const plugin = `kubernetes cluster.local example.internal {\n    kubeconfig ${kubeconfig}\n    ttl 0\n  }`;
    // The lab's CoreDNS has few plugins: none that would keep it to one interface.
    writeFileSync(corefile, `.:${port} {\n  errors\n  ${plugin}\n}\n`);
    const log: string[] = [];
    const args = ['--pdeathsig', 'KILL', 'nice', '-n', '5', coreDns, '-conf', corefile];
    const child = spawn('setpriv', args, { stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text: Buffer) => log.push(text.toString()));
    const dns = new Dns(server, `127.0.0.1:${port}`, child);
    await server.must({ method: 'POST', path: 'namespaces', body: { metadata: { name: 'dns-is-ready' } } });
    await dns.publish('dns-is-ready', 'here', [{ name: 'here-0', port: 1 }]).catch(async (error: unknown) => {
      await dns.stop();
      throw new Error(`CoreDNS: ${String(error)}\n${log.join('')}`);
    });
    running.set(server, dns);
    return dns;
  }

  /** A headless Service with these pods behind it, in the place of those that were. Returns when DNS has them. */
  async publish(namespace: string, service: string, pods: readonly Pod[], portName = 'https'): Promise<void> {
    const ports = [{ name: portName, port: 9200 }];
    const body = { metadata: { name: service }, spec: { clusterIP: 'None', selector: { app: 'x' }, ports } };
    await this.server.send({ method: 'POST', path: `namespaces/${namespace}/services`, body });
    const slices = `/apis/discovery.k8s.io/v1/namespaces/${namespace}/endpointslices`;
    const label = 'kubernetes.io/service-name';
    await this.server.must({ method: 'DELETE', path: `${slices}?labelSelector=${label}%3D${service}` });
    for (const { name, port } of pods)
      await this.server.must({
        method: 'POST',
        path: slices,
        body: {
          apiVersion: 'discovery.k8s.io/v1',
          kind: 'EndpointSlice',
          metadata: { generateName: `${service}-`, labels: { [label]: service } },
          addressType: 'IPv4',
          ports: [{ name: portName, port, protocol: 'TCP' }],
          endpoints: [{ addresses: [ownAddress()], hostname: name, conditions: { ready: true } }],
        },
      });
    const wanted = pods.map(({ name, port }) => `${name}:${port}`).sort();
    const end = Date.now() + readySeconds * 1000;
    let found: string[] | undefined;
    while (found?.join() !== wanted.join()) {
      if (Date.now() > end) throw new Error(`no ${service} of ${namespace} within ${readySeconds} s: ${found?.join()}`);
      found = await this.pods(namespace, service, portName);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  private async pods(namespace: string, service: string, portName: string): Promise<string[] | undefined> {
    const resolver = new Resolver({ timeout: 500, tries: 1 });
    resolver.setServers([this.address]);
    try {
      const records = await resolver.resolveSrv(`_${portName}._tcp.${service}.${namespace}.svc.cluster.local`);
      return records.map(({ name, port }) => `${name.split('.', 1)[0] ?? ''}:${port}`).sort();
    } catch (error) {
      return /ENOTFOUND|ENODATA/.test(String(error)) ? [] : undefined;
    }
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = new Promise((resolve) => this.child.once('close', resolve));
    this.child.kill('SIGKILL');
    await ended;
  }
}
