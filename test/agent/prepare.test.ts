// What a node's own configuration is made of, and what is refused. The API server is a small stand-in over TLS.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { kubernetesClient } from '../../base/elasticsearch/agent/kubernetes.ts';
import { ownFiles } from '../../base/elasticsearch/agent/own-files.ts';
import { prepare } from '../../base/elasticsearch/agent/prepare.ts';
import { Refused, readSettings } from '../../base/elasticsearch/agent/settings.ts';
import { certificate } from '../lifecycle/support/certificate.ts';
import { type Handler, TestServer } from '../lifecycle/support/servers.ts';
import { environment } from './support/environment.ts';

const uuid = 'Zk3TnYp1QoOwzFvS3kJ0aA';
let folder: string;
let server: TestServer;
let handler: Handler;
let env: Record<string, string>;

const write = (file: string, text: string): void => {
  mkdirSync(dirname(join(folder, file)), { recursive: true });
  writeFileSync(join(folder, file), text);
};
const made = (file: string): string => readFileSync(join(folder, 'agent/config', file), 'utf8');
const settings = (): string => made('elasticsearch.yml');

interface Done {
  readonly said: string;
  readonly waited: number;
}

/** What it says; a refusal is thrown. */
const run = async (changes: Record<string, string> = {}, diskIsEmpty = false): Promise<Done> => {
  Object.assign(env, changes);
  const read = readSettings(env);
  const said: string[] = [];
  let now = 0;
  const preparing = {
    settings: read,
    environment: env,
    kubernetes: kubernetesClient(read, 2),
    files: ownFiles(read.folders.agent, read.folders.formed),
    clock: () => now,
    sleep: async (seconds: number) => {
      now += seconds;
    },
  };
  await prepare(preparing, diskIsEmpty, (level, message) => said.push(`${level} ${message}`));
  return { said: said.join('\n'), waited: now };
};

const refusal = async (changes: Record<string, string> = {}): Promise<string> => {
  const error: unknown = await run(changes).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(Refused);
  return error instanceof Refused ? error.message : '';
};

const node = (labels: Record<string, string>): Handler => {
  const body = { kind: 'Node', metadata: { name: 'node-a', labels } };
  return ({ path }) => (path === '/api/v1/nodes/node-a' ? { body } : undefined);
};

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'prepare-'));
  handler = node({ 'topology.kubernetes.io/zone': 'zone-b' });
  server = await TestServer.start(() => handler);
  write('settings/elasticsearch.yml', 'cluster.name: reviews\n');
  write('membership/initial_master_nodes.txt', 'elasticsearch-0\nelasticsearch-1\nelasticsearch-2\n');
  write('max_map_count', '1048576\n');
  write(
    'hosts',
    '127.0.0.1 localhost\n' +
      '10.220.11.5\telasticsearch-1.elasticsearch-nodes.reviews.svc.cluster.local\telasticsearch-1\n',
  );
  write('account/ca.crt', certificate().cert);
  write('account/token', 'the-token');
  env = environment(folder, { kubernetesPort: server.port });
});
afterEach(async () => {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

describe('the configuration of a node', () => {
  test('holds its full name, its zone, its heap, and links to what is mounted', async () => {
    const { said } = await run();
    expect(settings()).toBe(
      'cluster.name: reviews\n\n# Added by the agent\n' +
        'network.publish_host: elasticsearch-1.elasticsearch-nodes.reviews.svc.cluster.local\n' +
        'node.attr.zone: zone-a\n' +
        'cluster.initial_master_nodes: [elasticsearch-0,elasticsearch-1,elasticsearch-2]\n',
    );
    expect(made('jvm.options.d/heap.options')).toBe('-Xms1024m\n-Xmx1024m\n');
    expect(made('jvm.options.d/dumps.options')).toContain('file=gc.log:');
    expect(readlinkSync(join(folder, 'agent/config/users'))).toBe('access/users/users');
    expect(said).toContain('elasticsearch-1 in zone zone-a with a heap of 1024m');
    expect(server.calls).toEqual([]);
  });

  test.each([
    ['a host with more processors than are wanted', '64', '4', '-XX:ActiveProcessorCount=4\n'],
    ['a CPU limit below that', '2', '4', ''],
    ['no bound', '64', '', ''],
  ])('bounds the processors: %s', async (_, PROCESSORS, MAX_PROCESSORS, options) => {
    await run({ PROCESSORS, MAX_PROCESSORS });
    expect(made('jvm.options.d/processors.options')).toBe(options);
  });

  test('is the same at each run, without what an earlier one left', async () => {
    await run();
    const first = settings();
    write('agent/config/left-over', 'x');
    write('agent/config.new/left-over', 'x');
    await run();
    expect(settings()).toBe(first);
    expect(existsSync(join(folder, 'agent/config/left-over'))).toBe(false);
  });

  test.each([
    [{ MAX_PROCESSORS: 'four' }, "MAX_PROCESSORS must be a whole number, but is 'four'"],
    [{ HEAP_SIZE: '' }, "HEAP_SIZE must be as 1024m, but is ''"],
    [{ ZONE: 'a\nb: c' }, 'is no value of a label'],
  ])('is refused with %j', async (changes, message) => expect(await refusal(changes)).toContain(message));

  test('is refused when nobody knows the full name of the pod', async () => {
    write('hosts', '10.220.11.5 elasticsearch-10.elasticsearch-nodes.reviews.svc.cluster.local # elasticsearch-1.x\n');
    expect(await refusal()).toContain("no full name of elasticsearch-1 in /etc/hosts: the StatefulSet's serviceName");
  });
});

describe('files of settings', () => {
  test('follow each other by name, and are kept apart', async () => {
    write('settings/a.yml', 'first.setting: 1');
    write('settings/..data.yml', 'none: 1');
    write('settings/notes.txt', 'none');
    await run();
    expect(settings()).toMatch(/^first\.setting: 1\ncluster\.name: reviews\n/);
  });

  test.each([
    ['in one form', 'cluster.name: other\n', 'cluster.name is given twice, in a.yml (line 1) and in elasticsearch.yml'],
    [
      'nested and with dots',
      '# mine\ncluster:\n  name: other\n',
      'cluster.name is given twice, in a.yml (line 3) and in elasticsearch.yml (line 1)',
    ],
    ['in braces', 'cluster: {name: other}\n', 'cluster.name is given twice, in a.yml (line 1)'],
    ['in one file', 'b: 1\nc: 2\nb: 3\n', 'b is given twice, in a.yml (line 1) and in a.yml (line 3)'],
    ['as two mappings', 'b:\n  c: 1\nb:\n  d: 2\n', 'b is given twice, in a.yml (line 1) and in a.yml (line 3)'],
    [
      'as what the agent adds',
      'network:\n  publish_host: 10.0.0.1\n',
      'network.publish_host is given twice, in a.yml (line 2) and in what the agent adds',
    ],
  ])('that give a setting twice are refused: %s', async (_, text, message) => {
    write('settings/a.yml', text);
    expect(await refusal()).toContain(message);
    expect(existsSync(join(folder, 'agent/config'))).toBe(false);
  });

  test('may spread one mapping over two forms', async () => {
    write('settings/a.yml', 'cluster:\n  publish.timeout: 5s\nxpack.a: {b: 1}\nxpack: {a: {c: 2}}\n');
    await run();
  });

  test('that are not understood are refused, with the line', async () => {
    write('settings/a.yml', 'b: 1\nc: *x\n');
    expect(await refusal()).toContain('a.yml, line 2: a value that begins with * is not understood');
  });
});

describe('the bootstrap list', () => {
  test('is given again after a first start that failed half-way, although the disk is not empty', async () => {
    expect((await run({}, false)).said).toContain('first start, with the voters');
    expect(settings()).toContain('cluster.initial_master_nodes');
  });

  test('is never given once the cluster has formed, and an empty disk is told what to do', async () => {
    write('formed/cluster_uuid', `${uuid}\n`);
    expect((await run({}, false)).said).not.toContain('delete');
    const { said } = await run({}, true);
    expect(said).toContain(`joining the existing cluster ${uuid}`);
    expect(said).toContain(
      'kubectl -n reviews delete configmap/elasticsearch-formed ' +
        'pod/elasticsearch-0 pod/elasticsearch-1 pod/elasticsearch-2',
    );
    expect(settings()).not.toContain('initial_master_nodes');
  });

  test.each(['', 'a, b]\n', '\n\n'])('is refused where it is %j', async (text) => {
    write('membership/initial_master_nodes.txt', text);
    expect(await refusal()).toContain('initial_master_nodes.txt must name pods');
  });
});

describe('a cluster that comes back from nothing', () => {
  const back = (replicas: number, standing: number, voters: string | undefined): void => {
    write('formed/cluster_uuid', uuid);
    handler = ({ path }) => {
      if (path.endsWith('/statefulsets/elasticsearch'))
        return {
          body: {
            kind: 'StatefulSet',
            metadata: { name: 'elasticsearch' },
            spec: { replicas },
            status: { replicas: standing },
          },
        };
      if (path.endsWith('/configmaps/elasticsearch-formed')) {
        const data = { cluster_uuid: uuid, ...(voters === undefined ? {} : { voters }) };
        return { body: { kind: 'ConfigMap', metadata: { name: 'elasticsearch-formed' }, data } };
      }
      return undefined;
    };
  };
  const three = 'a=elasticsearch-0,b=elasticsearch-1,c=elasticsearch-2';

  test('with too few of its voters is refused, and says what to do', async () => {
    back(1, 1, three);
    expect(await refusal()).toMatch(/elasticsearch-1, elasticsearch-2 are not wanted now.*Scale to 3 first/);
  });

  test.each([
    ['enough of them', 2, 2, three],
    ['others that still stand and may be leaving', 1, 3, three],
    ['nobody who knows them', 1, 1, undefined],
  ])('with %s starts', async (_, replicas, standing, voters) => {
    back(replicas, standing, voters);
    await run();
  });

  test('starts where the API server does not tell', async () => {
    back(1, 1, three);
    handler = () => ({ status: 503 });
    await run();
  });
});

describe('vm.max_map_count', () => {
  test('too low, is refused with the node, the value, and the remedies', async () => {
    write('max_map_count', '65530\n');
    expect(await refusal()).toMatch(
      /^vm.max_map_count is 65530 on Kubernetes node node-a, Elasticsearch needs at least 262144.*node-sysctl/,
    );
  });

  test.each([['node.store.allow_mmap: false # small\n'], ['node:\n  store: {allow_mmap: "false"}\n']])(
    'too low, does not matter with %j',
    async (text) => {
      write('max_map_count', '65530\n');
      write('settings/small.yml', text);
      await run();
    },
  );

  test('just enough, is enough', async () => {
    write('max_map_count', '262144\n');
    await run();
  });
});

describe('the zone', () => {
  test('is asked for again while the network of the new pod is not open yet', async () => {
    const answer = handler;
    let asked = 0;
    handler = (call) => ((asked += 1) <= 2 ? { status: 503 } : answer(call));
    expect((await run({ ZONE: '' })).said).not.toContain('WARN');
    expect(settings()).toContain('node.attr.zone: zone-b\n');
  });

  test('is unknown when nobody answers for long, and the node starts all the same', async () => {
    handler = () => ({ status: 503 });
    const { said, waited } = await run({ ZONE: '' });
    expect(said).toMatch(/WARN the zone of Kubernetes node node-a is unknown \(.*HTTP 503\).*components\/zone-lookup/);
    expect(settings()).toContain('node.attr.zone: unknown\n');
    expect(waited).toBe(30);
  });

  test.each([
    ['is named', { KUBERNETES_SERVICE_HOST: '', KUBERNETES_SERVICE_PORT: '' }, 'KUBERNETES_SERVICE_HOST is not set'],
    ['has given this pod a token', { ACCOUNT: '/nowhere' }, 'no token in /nowhere/token'],
  ])('is unknown at once where no API server %s, and the first start goes on', async (_, changes, reason) => {
    const { said, waited } = await run({ ...changes, ZONE: '' }, true);
    expect(said).toContain('WARN the zone of Kubernetes node node-a is unknown (GET /api/v1/nodes/node-a: ' + reason);
    expect(said).toContain('first start, with the voters elasticsearch-0,elasticsearch-1,elasticsearch-2');
    expect(settings()).toContain('node.attr.zone: unknown\n');
    expect(waited).toBe(0);
    expect(server.calls).toEqual([]);
  });

  test('that is missing from the node, or may not be looked up, gives a warning at once', async () => {
    handler = node({});
    expect((await run({ ZONE: '' })).said).toContain('WARN Kubernetes node node-a has no label');
    handler = () => ({ status: 403, body: { message: 'nodes is forbidden' } });
    const { said, waited } = await run({ ZONE: '' });
    expect(said).toContain('HTTP 403 nodes is forbidden');
    expect(waited).toBe(0);
  });

  test('is forced among the known ones, and one outside of them is named', async () => {
    expect((await run({ AWARENESS_ZONES: 'zone-a,zone-b' })).said).not.toContain('WARN');
    expect(settings()).toContain('cluster.routing.allocation.awareness.force.zone.values: zone-a,zone-b\n');
    expect((await run({ AWARENESS_ZONES: 'zone-aa,zone-b' })).said).toContain("WARN this node is in zone 'zone-a'");
  });
});
