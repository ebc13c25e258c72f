// What people who do this job have met elsewhere, as overlays of a user: each is rendered as `make render` does it,
// and either gives what it says, or is refused by name. Each folder under overlays/ says in its first line what it is
// about.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { IConfigMap } from 'kubernetes-models/v1';
import { isOurs, targetOf } from '../../scripts/lib/cluster/target.ts';
import type { KubernetesObject } from '../../scripts/lib/objects.ts';
import type { Rendered } from '../../scripts/lib/render/render.ts';
import { buildSeconds, renderFolder } from '../render/harness.ts';
import { caseNames, checkoutWithCases, heapOf, podOf, setOf } from './support.ts';

let copy = '';
let remove: () => void = () => undefined;
beforeAll(() => {
  ({ copy, remove } = checkoutWithCases());
});
afterAll(() => remove());

const tried = new Set<string>();
const render = (name: string): Promise<Rendered> => {
  tried.add(name);
  return renderFolder(`overlays/${name}`, copy);
};

describe('is refused, with its name and the way out', () => {
  test.each<[string, RegExp]>([
    ['name-prefix', /`metadata.name` must have no prefix or suffix, as team-: .*namespace keeps clusters apart/],
    ['host-network', /StatefulSet reviews\/elasticsearch has hostNetwork: true, which is not supported: .*hosts file/],
    [
      'hosts-by-patch',
      /whenUnsatisfiable` must be left out, or be "ScheduleAnyway": .* config says hostSpread BestEffort/,
    ],
    [
      'settings-that-nobody-reads',
      /log4j2\.properties of ConfigMap reviews\/elasticsearch-config-.* read by nobody: .*config\/log4j2\.properties/,
    ],
    [
      'roles-beside-settings',
      /roles\.yml of ConfigMap .* is read by nobody: roles stand in ConfigMap elasticsearch-roles/,
    ],
    ['a-second-file-for-kibana', /mine\.yml of ConfigMap reviews\/kibana-config-.* Kibana has one file of settings/],
    ['known-fault', /elasticsearch:9\.5\.2 of StatefulSet reviews\/elasticsearch: .*issues\/158212.*bulk-diverges/],
    ['claims-without-size', /accessModes` must name one.*\n.*requests\.storage` must be a size such as 10Gi/],
    ['claims-of-another-name', /no volume and no claim template named "data", which its containers mount/],
    [
      'keystore-by-container',
      /init container keystore .* stands before `prepare`, which empties it: .*elasticsearch-keystore/,
    ],
    [
      'prepare-before-the-agent',
      /init containers of .* are in the order prepare, agent, node-keystore: prepare would wait .*`- name: agent`, /,
    ],
    [
      'selectors-by-labels',
      /the selector of StatefulSet reviews\/elasticsearch has been changed \(team\): .*includeSelectors/,
    ],
    ['heap-by-variable', /env\[\d+\]` must be left out: say spec\.heap in the function's config, found .*512m/],
    [
      'heap-by-java-options',
      /must not size the heap: spec\.heap of the function's config does, found "-Xms512m -Xmx512m"/,
    ],
    [
      'memory-after-the-function',
      /has a limit of 4Gi, and half of it is less than the heap of 4096m\. List the topology/,
    ],
    [
      'spread-after-the-function',
      /the spread of StatefulSet reviews\/elasticsearch over zones .*: whenUnsatisfiable of kubernetes\.io\/hostname/,
    ],
    [
      'namespace-after-the-function',
      /pod elasticsearch-0 is elasticsearch-0\.elasticsearch-nodes\.elsewhere\.svc\..*reviews/,
    ],
    ['cluster-domain', /does not name the seed host elasticsearch-0\..*\.svc\.k8s\.corp\.example.*README/],
    ['certificates-without-names', /names elasticsearch\.NAMESPACE: list components\/cert-manager\/names under/],
    ['one-node-newer', /container prepare of .* has image .*:9\.5\.3, and elasticsearch has .*:9\.5\.4/],
    [
      'kibana-newer',
      /Deployment reviews\/kibana has image .*:9\.6\.0, and Elasticsearch has .*:9\.5\.3, with which it does not/,
    ],
    ['one-more-user', /users\.txt of .* names a user whose Secret elasticsearch-user-billing no Role allows to make/],
    ['four-nodes', /`spec\.replicas` must survive the loss of one of 3 zones, and 4 can lose its quorum: use 5/],
  ])(
    '%s',
    async (name, message) => {
      await expect(render(name)).rejects.toThrow(message);
    },
    buildSeconds,
  );
});

describe('is heeded', () => {
  test(
    'hosts-by-word: never two nodes on one machine, wherever the machines stand',
    async () => {
      const spread = podOf(await render('hosts-by-word')).topologySpreadConstraints;
      expect(spread?.map(({ topologyKey, whenUnsatisfiable }) => `${topologyKey} ${whenUnsatisfiable}`)).toEqual([
        'topology.kubernetes.io/zone ScheduleAnyway',
        'kubernetes.io/hostname DoNotSchedule',
      ]);
    },
    buildSeconds,
  );

  test(
    'heap-by-word',
    async () => {
      expect(heapOf(await render('heap-by-word'))).toBe('512m');
    },
    buildSeconds,
  );

  test(
    'files-by-mount: beside the settings, where Elasticsearch and Kibana read them',
    async () => {
      const mounts = podOf(await render('files-by-mount')).containers.flatMap(({ volumeMounts }) => volumeMounts ?? []);
      expect(mounts.map(({ mountPath }) => mountPath)).toContain('/usr/share/elasticsearch/config/log4j2.properties');
    },
    buildSeconds,
  );

  test(
    'top-level-folder',
    async () => {
      const { objects } = await render('top-level-folder');
      expect(objects.map(({ metadata }) => metadata.name)).toContain('elasticsearch-exporter');
    },
    buildSeconds,
  );

  test(
    'claims-of-another-class: written out as the API server and GitOps tools compare them',
    async () => {
      expect(setOf(await render('claims-of-another-class')).spec?.volumeClaimTemplates).toEqual([
        {
          apiVersion: 'v1',
          kind: 'PersistentVolumeClaim',
          metadata: { name: 'data' },
          spec: {
            accessModes: ['ReadWriteOnce'],
            resources: { requests: { storage: '20Gi' } },
            storageClassName: 'fast',
            volumeMode: 'Filesystem',
          },
          status: { phase: 'Pending' },
        },
      ]);
    },
    buildSeconds,
  );

  test(
    'keystore-after-prepare: in the order that the patch says',
    async () => {
      const names = podOf(await render('keystore-after-prepare')).initContainers?.map(({ name }) => name);
      expect(names).toEqual(['agent', 'prepare', 'keystore', 'node-keystore']);
    },
    buildSeconds,
  );

  test(
    'cluster-domain-in-certificates: in every name of them, with the namespace',
    async () => {
      const { objects } = await render('cluster-domain-in-certificates');
      const names = objects
        .filter(({ kind }) => kind === 'Certificate')
        .flatMap((object) => (object as KubernetesObject & { spec: { dnsNames?: string[] } }).spec.dnsNames ?? []);
      expect(names.filter((name) => name.endsWith('.k8s.corp.example'))).toEqual([
        'elasticsearch.reviews.svc.k8s.corp.example',
        '*.elasticsearch-nodes.reviews.svc.k8s.corp.example',
        'kibana.reviews.svc.k8s.corp.example',
      ]);
      expect(names.filter((name) => /cluster\.local|NAMESPACE/.test(name))).toEqual([]);
    },
    buildSeconds,
  );

  test(
    'parts-of-the-base: their pods are found by what their workloads select',
    async () => {
      const rendered = await render('parts-of-the-base');
      const target = targetOf(rendered.objects);
      const labels = setOf(rendered).spec?.template.metadata?.labels ?? {};
      expect(labels['app.kubernetes.io/part-of']).toBeUndefined();
      expect(isOurs(target)({ apiVersion: 'v1', kind: 'Pod', metadata: { labels } })).toBe(true);
      expect(
        isOurs(target)({
          apiVersion: 'v1',
          kind: 'Pod',
          metadata: { labels: { ...labels, 'app.kubernetes.io/instance': 'other' } },
        }),
      ).toBe(false);
    },
    buildSeconds,
  );

  test(
    'labels-of-a-team: on pods, not on selectors',
    async () => {
      const { spec } = setOf(await render('labels-of-a-team'));
      expect(spec?.template.metadata?.labels).toMatchObject({ team: 'search' });
      expect(Object.keys(spec?.selector.matchLabels ?? {})).not.toContain('team');
    },
    buildSeconds,
  );

  test(
    'seed-hosts-of-another-cluster: behind the own ones',
    async () => {
      const { objects } = await render('seed-hosts-of-another-cluster');
      const map = objects.find(({ metadata }) => metadata.name === 'elasticsearch-membership');
      expect((map as KubernetesObject & IConfigMap).data?.['unicast_hosts.txt']?.trim().split('\n').slice(-2)).toEqual([
        'elasticsearch-2.elasticsearch-nodes.reviews.svc.cluster.local',
        'old-master.example:9300',
      ]);
    },
    buildSeconds,
  );
});

describe('is warned of', () => {
  test.each<[string, RegExp]>([
    [
      'kibana-older',
      /Deployment reviews\/kibana has image .*:9\.5\.3, and Elasticsearch has .*:9\.6\.0: name the same version/,
    ],
    ['sixteen-nodes', /Role reviews\/elasticsearch-lifecycle does not name elasticsearch-15, elasticsearch-16: /],
  ])(
    '%s',
    async (name, warning) => {
      expect((await render(name)).warnings).toMatch(warning);
    },
    buildSeconds,
  );
});

test('every overlay of this folder is tried', () => {
  expect(caseNames().filter((name) => !name.startsWith('config-') && !tried.has(name))).toEqual([]);
});
