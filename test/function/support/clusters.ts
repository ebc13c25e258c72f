// The resources of a cluster as data, with everything about them that may be there, be missing or be wrong.
import { type Choose, pick, sometimes } from './tape.ts';
import { type Model, Raw } from './writer.ts';

interface Map {
  readonly [key: string]: Model;
}

const defined = (map: { readonly [key: string]: Model | undefined }): Map =>
  Object.fromEntries(Object.entries(map).filter((entry): entry is [string, Model] => entry[1] !== undefined));

/** The pairs in another order, now and then. */
function shuffled(choose: Choose, map: Map): Map {
  const entries = Object.entries(map);
  const from = sometimes(choose, 3) ? choose(entries.length) : 0;
  return Object.fromEntries([...entries.slice(from), ...entries.slice(0, from)]);
}

export interface Cluster {
  readonly name: string;
  readonly namespace: string | undefined;
  readonly resources: readonly Model[];
}

export function cluster(choose: Choose, name: string): Cluster {
  const namespace = pick(choose, ['reviews', undefined, 'reviews']);
  const service = `${name}-nodes`;
  const map = `${name}-membership`;
  const labels = { 'app.kubernetes.io/name': 'elasticsearch', 'app.kubernetes.io/instance': name };
  const renamed = (was: string): Map | undefined =>
    sometimes(choose, 4) ? { 'internal.config.kubernetes.io/previousNames': `x,${was}` } : undefined;

  const earlier = pick<Earlier | undefined>(choose, EARLIER);
  const selector = pick<Model>(choose, [
    { matchLabels: labels },
    { matchExpressions: [{ key: 'app', operator: 'In', values: ['yes', '0644', 'a b'] }] },
  ]);
  const set = shuffled(choose, {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: shuffled(choose, defined({ name, namespace, labels, annotations: annotations(choose, earlier) })),
    spec: shuffled(
      choose,
      defined({
        serviceName: sometimes(choose, 30) ? undefined : service,
        replicas: sometimes(choose, 20)
          ? 'three'
          : pick<Model | undefined>(choose, [3, 1, 2, 4, 5, 0, undefined, new Raw('010'), null]),
        ordinals: sometimes(choose, 6) ? { start: choose(12) } : undefined,
        selector,
        volumeClaimTemplates: sometimes(choose, 2) ? claims(choose) : undefined,
        template: { metadata: { labels }, spec: pod(choose, selector, map, earlier) },
      }),
    ),
  });
  const configMap = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: defined({ name: map, namespace, annotations: renamed('other') }),
    data: shuffled(choose, data(choose, name)),
  };
  const governing = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: defined({ name: service, namespace, annotations: renamed('other') }),
    spec: pick<Map>(choose, [{ clusterIP: 'None', publishNotReadyAddresses: true }, { clusterIP: 'None' }, {}]),
  };
  return { name, namespace, resources: [set, configMap, ...(sometimes(choose, 8) ? [] : [governing])] };
}

/** What an earlier run has left in the set. */
interface Earlier {
  readonly heap: string;
  readonly strict: boolean;
  readonly zones?: string;
}

const EARLIER: readonly [undefined, ...Earlier[]] = [
  undefined,
  { heap: '1024m', strict: true },
  { heap: '1m', strict: false, zones: 'a,b,c' },
  { heap: '750m', strict: true, zones: 'only' },
];

function annotations(choose: Choose, earlier: Earlier | undefined): Model | undefined {
  if (earlier === undefined) {
    return pick<Model | undefined>(choose, [
      undefined,
      {},
      null,
      { 'internal.config.kubernetes.io/index': '0', note: 'a: b' },
    ]);
  }
  const { heap, strict, zones } = earlier;
  const spreads = `spread=${strict ? 'Strict' : 'BestEffort'}${zones === undefined ? '' : ` zones=${zones}`}`;
  const stamp = { 'delivery-reviews.dev/topology': `replicas=${choose(9)} heap=${heap} ${spreads}` };
  return sometimes(choose, 2) ? stamp : { ...stamp, 'config.kubernetes.io/path': 'a/b.yaml' };
}

function pod(choose: Choose, selector: Model, map: string, earlier: Earlier | undefined): Map {
  const memory = sometimes(choose, 12)
    ? pick<Model | undefined>(choose, ['100Mi', 'much', undefined])
    : pick<Model | undefined>(choose, ['2Gi', '1500M', new Raw('3e9'), '64Gi', 2147483648, '100Mi', 'much', undefined]);
  const waits = sometimes(choose, 4);
  const grace = sometimes(choose, 4) ? 30 : 600;
  return shuffled(
    choose,
    defined({
      terminationGracePeriodSeconds: waits ? grace : undefined,
      topologySpreadConstraints: spread(choose, selector, earlier),
      initContainers: [
        ...(sometimes(choose, 12) ? [{ name: 'first', env: [{ name: 'HEAP_SIZE', value: 'not this one' }] }] : []),
        shuffled(
          choose,
          defined({
            name: sometimes(choose, 30) ? 'other' : 'prepare',
            image: 'image',
            env: environment(choose, earlier),
          }),
        ),
      ],
      containers: [
        defined({
          name: 'elasticsearch',
          env: waits
            ? [
                { name: 'PRE_STOP_SECONDS', value: '60' },
                { name: 'SHUTDOWN_SECONDS', value: '20' },
              ]
            : undefined,
          resources: defined({
            limits: defined({ cpu: '1', memory }),
            requests: sometimes(choose, 3) ? defined({ memory }) : undefined,
          }),
        }),
      ],
      volumes: [
        { name: 'data', emptyDir: {} },
        pick<Map>(choose, [
          { name: 'membership', configMap: { name: map } },
          { name: 'all', projected: { sources: [{ secret: { name: 'x' } }, { configMap: { name: map } }] } },
        ]),
      ],
    }),
  );
}

const claims = (choose: Choose): Model =>
  ['data', 'more'].slice(choose(2)).map((name) =>
    shuffled(
      choose,
      defined({
        metadata: { name },
        kind: sometimes(choose, 2) ? 'PersistentVolumeClaim' : undefined,
        spec: shuffled(
          choose,
          defined({
            accessModes: ['ReadWriteOnce'],
            volumeMode: pick<Model | undefined>(choose, [undefined, 'Block', null]),
            resources: sometimes(choose, 20) ? {} : { requests: { storage: '10Gi' } },
          }),
        ),
      }),
    ),
  );

function environment(choose: Choose, earlier: Earlier | undefined): Model | undefined {
  const other = { name: 'POD_NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } };
  // Somebody else's values, which are refused.
  if (sometimes(choose, 12)) return [{ name: 'HEAP_SIZE', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } }];
  if (sometimes(choose, 12)) return [other, { name: 'AWARENESS_ZONES', value: 'x' }];
  if (earlier === undefined) return pick<Model | undefined>(choose, [undefined, [other], [], null]);
  const heap = { name: 'HEAP_SIZE', value: earlier.heap };
  const zones = earlier.zones === undefined ? [] : [{ name: 'AWARENESS_ZONES', value: earlier.zones }];
  return pick<Model | undefined>(choose, [
    [heap, other],
    [other, ...zones],
    zones,
    [...zones, heap, ...zones],
    [heap, heap],
    undefined,
  ]);
}

function spread(choose: Choose, selector: Model, earlier: Earlier | undefined): Model | undefined {
  const [zone, host, rack] = ['topology.kubernetes.io/zone', 'kubernetes.io/hostname', 'example.com/rack'];
  const strict = earlier?.strict ?? true;
  const zones = earlier?.zones === undefined ? 3 : earlier.zones.split(',').length;
  const isForeign = sometimes(choose, 12);
  const entry = (topologyKey: string): Map =>
    shuffled(
      choose,
      defined({
        maxSkew: isForeign ? 2 : 1,
        topologyKey,
        whenUnsatisfiable: (isForeign ? sometimes(choose, 2) : strict) ? 'DoNotSchedule' : 'ScheduleAnyway',
        minDomains: topologyKey === zone && strict && sometimes(choose, 2) ? zones : undefined,
        nodeTaintsPolicy: pick<Model | undefined>(choose, ['Honor', undefined, 'Ignore']),
        matchLabelKeys: sometimes(choose, 4) ? ['pod-template-hash'] : undefined,
        labelSelector: pick<Model | undefined>(choose, [selector, undefined, null]),
      }),
    );
  const keys = pick<readonly string[] | undefined>(choose, [
    undefined,
    [zone, host],
    [host, rack, zone],
    [rack],
    isForeign ? [zone, zone, host, zone] : [host],
    [],
  ]);
  return keys?.map(entry);
}

function data(choose: Choose, name: string): Map {
  const hosts = (count: number): string =>
    Array.from({ length: count }, (_, i) => `${name}-${i}.${name}-nodes\n`).join('');
  return {
    'unicast_hosts.txt': pick<Model>(choose, [
      hosts(3),
      '',
      null,
      'somewhere',
      hosts(1),
      new Raw('>-\n  some\n  where'),
    ]),
    ...(sometimes(choose, 2) ? { 'initial_master_nodes.txt': `${name}-0\n${name}-1\n` } : {}),
    ...(sometimes(choose, 30) ? { 'initial_master_nodes.txt': 'somebody-else\n' } : {}),
    ...(sometimes(choose, 3) ? { 'other.txt': 'unicast_hosts.txt: x\n- kind: StatefulSet\n' } : {}),
  };
}
