import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, existsSync, lstatSync, readlinkSync, unlinkSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type KubernetesFacts, kubernetes } from './support/kubernetes.ts';
import { Pod, uuid } from './support/pod.ts';

let pod: Pod;
let facts: KubernetesFacts;

beforeEach(async () => {
  pod = await Pod.start('elasticsearch-1');
  facts = { labels: { 'topology.kubernetes.io/zone': 'zone-b' } };
  pod.onKubernetes = kubernetes(facts);
  pod.write('home/config/jvm.options', '-XX:+UseG1GC\n');
  pod.write('home/config/jvm.options.d/.keep', '');
  pod.write('settings/elasticsearch.yml', 'cluster.name: reviews\n');
  pod.write('membership/initial_master_nodes.txt', 'elasticsearch-0\nelasticsearch-1\nelasticsearch-2\n');
  pod.write('max_map_count', '1048576\n');
  pod.write(
    'hosts',
    '127.0.0.1 localhost\n' +
      '10.220.11.5\telasticsearch-1.elasticsearch-nodes.reviews.svc.cluster.local\telasticsearch-1\n',
  );
  pod.write('prepared/.keep', '');
  Object.assign(pod.env, {
    PREPARED: pod.path('prepared'),
    SETTINGS: pod.path('settings'),
    MEMBERSHIP: pod.path('membership'),
    MAX_MAP_COUNT: pod.path('max_map_count'),
    HOSTS: pod.path('hosts'),
    HEAP_SIZE: '1024m',
    KUBERNETES_NODE: 'node-a',
    ZONE: 'zone-a',
  });
});
afterEach(() => pod.stop());

const prepare = async (env: Record<string, string> = {}): Promise<string> => {
  const { code, stderr } = await pod.run('prepare.sh', env);
  expect({ code, stderr }).toMatchObject({ code: 0 });
  return stderr;
};
const settings = (): string => pod.read('prepared/elasticsearch.yml');
const formed = (): void => pod.write('formed/cluster_uuid', uuid);

describe('the configuration of a node', () => {
  test('holds its full name, its zone, and its heap', async () => {
    await prepare();
    expect(settings()).toContain('cluster.name: reviews\n');
    expect(settings()).toContain(
      'network.publish_host: elasticsearch-1.elasticsearch-nodes.reviews.svc.cluster.local\n',
    );
    expect(settings()).toContain('node.attr.zone: zone-a\n');
    expect(pod.read('prepared/jvm.options.d/heap.options')).toBe('-Xms1024m\n-Xmx1024m\n');
    expect(pod.read('prepared/jvm.options')).toBe('-XX:+UseG1GC\n');
  });

  test('bounds what the JVM logs, and keeps heaps, which hold reviews, off the disk', async () => {
    await prepare();
    expect(pod.read('prepared/jvm.options.d/dumps.options').trim().split('\n')).toEqual([
      '-Xlog:disable',
      '-Xlog:all=warning:stderr:utctime,level,tags',
      '-Xlog:gc*,gc+age=trace,safepoint:file=gc.log:utctime,level,pid,tags:filecount=4,filesize=16m',
      '-XX:-HeapDumpOnOutOfMemoryError',
      '-XX:-CreateCoredumpOnCrash',
    ]);
  });

  test.each([
    [
      'a host with more processors than are wanted',
      { PROCESSORS: '64', MAX_PROCESSORS: '4' },
      '-XX:ActiveProcessorCount=4\n',
    ],
    ['a CPU limit below that', { PROCESSORS: '2', MAX_PROCESSORS: '4' }, ''],
    ['no bound', { PROCESSORS: '64' }, ''],
  ])('bounds the processors: %s', async (_case, env, options) => {
    await prepare(env);
    expect(pod.read('prepared/jvm.options.d/processors.options')).toBe(options);
  });

  test('refuses a bound that is no number', async () => {
    const { code, stderr } = await pod.run('prepare.sh', { PROCESSORS: '64', MAX_PROCESSORS: 'four' });
    expect([code, stderr]).toEqual([
      1,
      expect.stringContaining("MAX_PROCESSORS must be a whole number, but is 'four'"),
    ]);
  });

  test('keeps the settings of files apart that end without a line break', async () => {
    pod.write('settings/a.yml', 'first.setting: 1');
    await prepare();
    expect(settings()).toMatch(/^first\.setting: 1\n\s*cluster\.name: reviews$/m);
  });

  test('sees mounted files through links, so that their changes arrive', async () => {
    await prepare();
    expect(readlinkSync(pod.path('prepared/unicast_hosts.txt'))).toBe('membership/unicast_hosts.txt');
    expect(lstatSync(pod.path('prepared/users')).isSymbolicLink()).toBe(true);
    expect(readlinkSync(pod.path('prepared/roles.yml'))).toBe('access/roles/roles.yml');
  });

  test('holds every file of settings that an overlay adds', async () => {
    pod.write('settings/more.yml', 'node.store.allow_mmap: false\n');
    await prepare();
    expect(settings()).toMatch(/^cluster\.name: reviews\n\nnode\.store\.allow_mmap: false\n/);
  });

  test('is the same after a restart of the Kubernetes node, on what the last run left', async () => {
    await prepare();
    const first = settings();
    pod.write('prepared/left-over', 'x');
    await prepare();
    expect(settings()).toBe(first);
    expect(existsSync(pod.path('prepared/left-over'))).toBe(false);
  });

  test('is built also where the container runtime has left mount points that belong to root', async () => {
    // As the runtime makes config/access/users: a folder in a folder that only root may change.
    pod.write('prepared/access/users/.keep', '');
    unlinkSync(pod.path('prepared/access/users/.keep'));
    chmodSync(pod.path('prepared/access'), 0o555);
    chmodSync(pod.path('prepared'), 0o777);
    const asNode = process.getuid?.() === 0;
    if (asNode) execFileSync('chown', ['-R', '1000:1000', pod.folder]);
    if (asNode)
      for (const folder of ['prepared', 'prepared/access', 'prepared/access/users']) chownSync(pod.path(folder), 0, 0);
    const { code, stderr } = await pod.run('prepare.sh', {}, 20, asNode ? 1000 : undefined);
    expect({ code, stderr }).toMatchObject({ code: 0 });
    expect(settings()).toContain('node.attr.zone: zone-a\n');
    chmodSync(pod.path('prepared/access'), 0o755);
  });

  test('is refused when nobody knows the full name of the pod', async () => {
    pod.write(
      'hosts',
      '127.0.0.1 localhost\n10.220.11.5 elasticsearch-10.elasticsearch-nodes.reviews.svc.cluster.local\n',
    );
    const { code, stderr } = await pod.run('prepare.sh');
    expect(code).toBe(1);
    expect(stderr).toContain(
      "no full name of elasticsearch-1 in /etc/hosts: the StatefulSet's serviceName must name its headless Service",
    );
  });
});

describe('the bootstrap list', () => {
  test('is given until the cluster has formed', async () => {
    expect(await prepare()).toContain('first start, with the voters elasticsearch-0,elasticsearch-1,elasticsearch-2');
    expect(settings()).toContain('cluster.initial_master_nodes: [elasticsearch-0,elasticsearch-1,elasticsearch-2]\n');
  });

  test('is given again after a first start that failed half-way, although the disk is not empty', async () => {
    pod.write('home/data/_state/node-0.st', '');
    await prepare();
    expect(settings()).toContain('cluster.initial_master_nodes');
  });

  test('is never given once the cluster has formed', async () => {
    formed();
    pod.write('home/data/_state/node-0.st', '');
    const said = await prepare();
    expect(said).toContain(`joining the existing cluster ${uuid}`);
    expect(said).not.toContain('delete');
    expect(settings()).not.toContain('initial_master_nodes');
  });

  test('is not given to an empty disk of a formed cluster, and the one command that starts over is named', async () => {
    formed();
    const said = await prepare();
    expect(settings()).not.toContain('initial_master_nodes');
    expect(said).toContain(
      'kubectl -n reviews delete configmap/elasticsearch-formed ' +
        'pod/elasticsearch-0 pod/elasticsearch-1 pod/elasticsearch-2',
    );
  });
});

describe('vm.max_map_count', () => {
  test('too low, is refused with the node, the value, and the remedies', async () => {
    pod.write('max_map_count', '65530\n');
    const { code, stderr } = await pod.run('prepare.sh');
    expect(code).toBe(1);
    expect(stderr).toContain(
      'vm.max_map_count is 65530 on Kubernetes node node-a, Elasticsearch needs at least 262144',
    );
    expect(stderr).toContain('components/node-sysctl');
  });

  test('too low, does not matter without memory mapping', async () => {
    pod.write('max_map_count', '65530\n');
    pod.write('settings/small.yml', 'node.store.allow_mmap: false\n');
    await prepare();
  });

  test('just enough, is enough', async () => {
    pod.write('max_map_count', '262144\n');
    await prepare();
  });
});

describe('the zone', () => {
  test('is asked for again while the network of the new pod is not open yet', async () => {
    const answer = pod.onKubernetes;
    let asked = 0;
    pod.onKubernetes = (call) => ((asked += 1) <= 2 ? { status: 503 } : answer(call));
    expect(await prepare({ ZONE: '' })).not.toContain('WARNING');
    expect(settings()).toContain('node.attr.zone: zone-b\n');
  });

  test('is unknown when nobody answers for long, and the node starts all the same', async () => {
    pod.onKubernetes = () => ({ status: 503 });
    expect(await prepare({ ZONE: '', ZONE_TRIES: '3' })).toContain('is unknown (HTTP 503)');
    expect(settings()).toContain('node.attr.zone: unknown\n');
    expect(pod.kubernetes.calls).toHaveLength(3);
  });

  test('comes from the label of the Kubernetes node, where the pod has none', async () => {
    await prepare({ ZONE: '' });
    expect(settings()).toContain('node.attr.zone: zone-b\n');
    expect(pod.kubernetes.calls.map(({ path }) => path)).toEqual(['/api/v1/nodes/node-a']);
  });

  test('that is missing from the node gives a warning, not a crash', async () => {
    facts.labels = { 'kubernetes.io/hostname': 'node-a' };
    expect(await prepare({ ZONE: '' })).toContain(
      'WARNING: Kubernetes node node-a has no label topology.kubernetes.io/zone',
    );
    expect(settings()).toContain('node.attr.zone: unknown\n');
  });

  test('that may not be looked up gives a warning with the remedy', async () => {
    facts.refuse = 403;
    expect(await prepare({ ZONE: '' })).toMatch(
      /WARNING: the zone of Kubernetes node node-a is unknown \(HTTP 403\).*components\/zone-lookup/s,
    );
    expect(settings()).toContain('node.attr.zone: unknown\n');
  });

  test('is forced among the known ones, and one outside of them is named', async () => {
    expect(await prepare({ AWARENESS_ZONES: 'zone-a,zone-b' })).not.toContain('WARNING');
    expect(settings()).toContain('cluster.routing.allocation.awareness.force.zone.values: zone-a,zone-b\n');
    expect(await prepare({ AWARENESS_ZONES: 'zone-aa,zone-b' })).toContain("WARNING: this node is in zone 'zone-a'");
  });
});
