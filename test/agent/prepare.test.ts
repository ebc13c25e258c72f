// What a node's own configuration is made of, and what is refused.
import { existsSync, readdirSync, readlinkSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Preparing } from './support/preparing.ts';

const uuid = 'Zk3TnYp1QoOwzFvS3kJ0aA';
let node: Preparing;
beforeEach(async () => {
  node = await Preparing.start();
});
afterEach(() => node.end());

describe('the configuration of a node', () => {
  test('holds its full name, its zone, its heap, and links to what is mounted', async () => {
    const { said } = await node.run();
    expect(node.settings()).toBe(
      'cluster.name: reviews\n\n# Added by the agent\n' +
        'network.publish_host: elasticsearch-1.elasticsearch-nodes.reviews.svc.cluster.local\n' +
        'node.attr.zone: zone-a\n' +
        'cluster.initial_master_nodes: [elasticsearch-0,elasticsearch-1,elasticsearch-2]\n',
    );
    expect(node.made('jvm.options.d/heap.options')).toBe('-Xms1024m\n-Xmx1024m\n');
    const links = ['unicast_hosts.txt', 'users', 'users_roles', 'roles.yml'];
    expect(links.map((link) => readlinkSync(node.path('agent/config', link)))).toEqual([
      'membership/unicast_hosts.txt',
      'access/users/users',
      'access/users/users_roles',
      'access/roles/roles.yml',
    ]);
    expect(said).toContain('elasticsearch-1 in zone zone-a with a heap of 1024m');
    expect(node.calls).toEqual([]);
  });

  test.each([
    ['a host with more processors than are wanted', '64', '4', '-XX:ActiveProcessorCount=4\n'],
    ['a CPU limit below that', '2', '4', ''],
    ['no bound', '64', '', ''],
  ])('bounds the processors: %s', async (_, PROCESSORS, MAX_PROCESSORS, options) => {
    await node.run({ PROCESSORS, MAX_PROCESSORS });
    expect(node.made('jvm.options.d/processors.options')).toBe(options);
  });

  test('bounds what the JVM logs, and keeps heaps, which hold reviews, off the disk', async () => {
    await node.run();
    expect(node.made('jvm.options.d/dumps.options').trim().split('\n')).toEqual([
      '-Xlog:disable',
      '-Xlog:all=warning:stderr:utctime,level,tags',
      '-Xlog:gc*,gc+age=trace,safepoint:file=gc.log:utctime,level,pid,tags:filecount=4,filesize=16m',
      '-XX:-HeapDumpOnOutOfMemoryError',
      '-XX:-CreateCoredumpOnCrash',
    ]);
  });

  test('is the same at each run, without what an earlier one left', async () => {
    await node.run();
    const first = node.settings();
    node.write('agent/config/left-over', 'x');
    node.write('agent/config.new/left-over', 'x');
    await node.run();
    expect(node.settings()).toBe(first);
    expect(existsSync(node.path('agent/config/left-over'))).toBe(false);
  });

  test.each([
    [{ MAX_PROCESSORS: 'four' }, "MAX_PROCESSORS must be a whole number, but is 'four'"],
    [{ HEAP_SIZE: '' }, "HEAP_SIZE must be as 1024m, but is ''"],
    [{ ZONE: 'a\nb: c' }, 'is no value of a label'],
  ])('is refused with %j', async (changes, message) => expect(await node.refusal(changes)).toContain(message));

  test('is refused when nobody knows the full name of the pod', async () => {
    node.write(
      'hosts',
      '10.220.11.5 elasticsearch-10.elasticsearch-nodes.reviews.svc.cluster.local # elasticsearch-1.x\n',
    );
    expect(await node.refusal()).toContain(
      "no full name of elasticsearch-1 in /etc/hosts: the StatefulSet's serviceName",
    );
  });

  test('is refused on the network of the Kubernetes node, whose hosts file knows no pods', async () => {
    node.write('hosts', '# Kubernetes-managed hosts file (host network).\n127.0.0.1 localhost\n');
    expect(await node.refusal()).toMatch(
      /\/etc\/hosts: with hostNetwork: true .* Take hostNetwork out of the overlay$/,
    );
  });

  test.each([
    ['another namespace', 'elasticsearch-0.elasticsearch-nodes.prod.svc.cluster.local'],
    ['another domain', 'elasticsearch-2.elasticsearch-nodes.reviews.svc.corp.example:9300'],
    ['another Service', 'elasticsearch-0.nodes'],
  ])('is refused with seed hosts of %s: the nodes would never find each other', async (_, host) => {
    node.write('membership/unicast_hosts.txt', `old.example\n${host}\n`);
    expect(await node.refusal()).toMatch(/^the seed hosts are of another namespace or domain than this pod: .*Flux/);
    expect(await node.refusal()).toContain(`${host}, and this pod is elasticsearch-1.elasticsearch-nodes.reviews.`);
  });

  test.each(['elasticsearch-0.elasticsearch-nodes', 'elasticsearch-data-0.x.y', 'elasticsearch-0', '', '# none'])(
    'takes seed hosts that DNS completes, or that are no nodes of the set: %j',
    async (host) => {
      node.write('membership/unicast_hosts.txt', `${host}\n`);
      await node.run();
    },
  );

  test("has the overlay's own options of the JVM behind all others", async () => {
    node.write('settings/a.options', '# -Xmx9g\n-XX:+HeapDumpOnOutOfMemoryError\n');
    await node.run();
    expect(node.made('jvm.options.d/user-a.options')).toContain('-XX:+HeapDumpOnOutOfMemoryError\n');
    const names = readdirSync(node.path('agent/config/jvm.options.d')).sort();
    expect(names).toEqual(['dumps.options', 'heap.options', 'processors.options', 'user-a.options']);
  });

  test.each(['-Xmx4g', '17-:-Xms4g', '-XX:MaxRAMPercentage=50', '-XX:InitialHeapSize=4g'])(
    'is refused with an option that sizes the heap: %s',
    async (flag) => {
      node.write('settings/jvm.options', `-Xss1m\n${flag}\n`);
      expect(await node.refusal()).toBe(
        `jvm.options, line 2: ${flag} sizes the heap, which HEAP_SIZE does. ` +
          'Say spec.heap of ElasticsearchTopology instead',
      );
    },
  );

  test('is refused with a file that nobody would read', async () => {
    node.write('settings/log4j2.properties', 'x');
    expect(await node.refusal()).toMatch(/^log4j2.properties of ConfigMap elasticsearch-config is read by nobody/);
  });
});

describe('files of settings', () => {
  test('follow each other by name, and are kept apart', async () => {
    node.write('settings/a.yml', 'first.setting: 1');
    node.write('settings/..data.yml', 'none: 1');
    await node.run();
    expect(node.settings()).toMatch(/^first\.setting: 1\ncluster\.name: reviews\n/);
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
    node.write('settings/a.yml', text);
    expect(await node.refusal()).toContain(message);
    expect(existsSync(node.path('agent/config'))).toBe(false);
  });

  test('may spread one mapping over two forms', async () => {
    node.write('settings/a.yml', 'cluster:\n  publish.timeout: 5s\nxpack.a: {b: 1}\nxpack: {a: {c: 2}}\n');
    await node.run();
  });

  test('that are not understood are refused, with the line', async () => {
    node.write('settings/a.yml', 'b: 1\nc: *x\n');
    expect(await node.refusal()).toContain('a.yml, line 2: a value that begins with * is not understood');
  });
});

describe('the bootstrap list', () => {
  test('is given again after a first start that failed half-way, although the disk is not empty', async () => {
    expect((await node.run({}, false)).said).toContain('first start, with the voters');
    expect(node.settings()).toContain('cluster.initial_master_nodes');
  });

  test('is never given once the cluster has formed, and an empty disk is told what to do', async () => {
    node.write('formed/cluster_uuid', `${uuid}\n`);
    expect((await node.run({}, false)).said).not.toContain('delete');
    const { said } = await node.run({}, true);
    expect(said).toContain(`joining the existing cluster ${uuid}`);
    expect(said).toContain(
      'kubectl -n reviews delete configmap/elasticsearch-formed ' +
        'pod/elasticsearch-0 pod/elasticsearch-1 pod/elasticsearch-2',
    );
    expect(node.settings()).not.toContain('initial_master_nodes');
  });

  test.each(['', 'a, b]\n', '\n\n'])('is refused where it is %j', async (text) => {
    node.write('membership/initial_master_nodes.txt', text);
    expect(await node.refusal()).toContain('initial_master_nodes.txt must name pods');
  });
});

describe('a cluster that comes back from nothing', () => {
  const back = (replicas: number, standing: number, voters: string | undefined): void => {
    node.write('formed/cluster_uuid', uuid);
    node.handler = ({ path }) => {
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
    expect(await node.refusal()).toMatch(/elasticsearch-1, elasticsearch-2 are not wanted now.*Scale to 3 first/);
  });

  test.each([
    ['enough of them', 2, 2, three],
    ['others that still stand and may be leaving', 1, 3, three],
    ['nobody who knows them', 1, 1, undefined],
  ])('with %s starts', async (_, replicas, standing, voters) => {
    back(replicas, standing, voters);
    await node.run();
  });

  test('starts where the API server does not tell', async () => {
    back(1, 1, three);
    node.handler = () => ({ status: 503 });
    await node.run();
  });
});
