import type { IStatefulSet } from 'kubernetes-models/apps/v1';
import type { ItemEdit, Resources } from '../resource-list/list.ts';
import { type Finding, type Result, result } from '../resource-list/results.ts';
import { isMap } from '../yaml/json.ts';
import type { Change } from './change.ts';
import { claims, filledClaims } from './claims.ts';
import { clusterWide } from './cluster-wide.ts';
import { type Config, readConfig } from './config.ts';
import {
  container,
  containerNames,
  foreignVariables,
  heapFlags,
  misplaced,
  POD_SPEC,
  podSpec,
  readerOf,
  setVariables,
  type Variable,
} from './containers.ts';
import { discovery, foreignVoters } from './discovery.ts';
import { gracePeriod } from './grace-period.ts';
import { heapSize } from './heap.ts';
import { quorum, unaccepted } from './quorum.ts';
import type { Problem } from './schema-check.ts';
import { annotation, KUSTOMIZE, membership, SEED_HOSTS, service, statefulSets, type Typed } from './select.ts';
import { misshapen, STATEFUL_SET } from './shape.ts';
import { earlierNumbers, type Numbers, stamp } from './stamp.ts';
import { foreignSpread, topologySpread } from './topology-spread.ts';

/** A change of an item of the list. */
type PlannedEdit = ItemEdit & Change;

export interface Plan {
  readonly edits: readonly PlannedEdit[];
  readonly results: readonly Result[];
}

/** What follows from the numbers: the edits to make, or, where something is wrong, every error and no edit. */
export function plan(resources: Resources, functionConfig: unknown): Plan {
  const config = readConfig(functionConfig);
  if (Array.isArray(config)) return refused(functionConfig, config);
  const sets = statefulSets(resources, config);
  const [set] = sets;
  if (set === undefined || sets.length > 1) return refused(functionConfig, [notOne(sets, config)]);
  const problems = misshapen(STATEFUL_SET, set.object);
  return problems.length > 0 ? refused(set.object, problems) : planFor(resources, set, config);
}

function planFor(resources: Resources, { item, object: set }: Typed<IStatefulSet>, config: Config): Plan {
  const main = container(set, 'containers', config.container);
  const reader = config.prepareContainer ?? readerOf(set, HEAP_SIZE) ?? 'prepare';
  const prepare = container(set, 'initContainers', reader);
  const sized = main && heapSize(main, config.heap);
  const numbers = sized !== undefined && 'heap' in sized ? { ...config, heap: sized.heap } : undefined;
  const earlier = earlierNumbers(set);
  const maps = membership(resources, set);
  const [map] = maps;
  const governing = service(resources, set, set.spec?.serviceName ?? '');
  const problems = [
    ...required(set),
    ...unaccepted(set, config),
    ...claims(set),
    ...foreignSpread(set, config, earlier),
    ...(main === undefined ? [noContainer(set, 'containers', config.container)] : heapFlags(main)),
    ...gracePeriod(
      set,
      [main, prepare].filter((located) => located !== undefined),
    ),
    ...(prepare === undefined
      ? [noContainer(set, 'initContainers', reader)]
      : [
          ...misplaced(set, prepare, [HEAP_SIZE, AWARENESS_ZONES], 'spec.prepareContainer'),
          ...(numbers === undefined
            ? []
            : foreignVariables(prepare, variables(numbers), earlier && variables(earlier))),
        ]),
    ...(sized !== undefined && 'problems' in sized ? sized.problems : []),
    ...(map === undefined || maps.length > 1 ? [notOneMap(maps.length, set)] : []),
  ];
  const wrongData =
    map === undefined ? [] : [...misshapen({ data: {} }, map.object), ...foreignVoters(set, map.object)];
  const errors = [
    ...refused(set, problems).results,
    ...refused(map?.object, wrongData).results,
    ...clusterWide(resources, set).flatMap((checked) => refused(checked.object, checked.problems).results),
  ];
  if (errors.length > 0 || map === undefined || prepare === undefined || numbers === undefined) {
    return { edits: [], results: errors };
  }
  const edits = [
    ...at(item, [
      ...filledClaims(set),
      ...topologySpread(set, config, earlier),
      ...setVariables(prepare, variables(numbers)),
      ...stamp(set, numbers),
    ]),
    ...at(map.item, discovery(set, map.object, governing, config)),
  ];
  const warnings: Finding[] = [...quorum(set, config), ...serviceWarnings(set, governing)];
  const objects = new Map<number, unknown>([
    [item, set],
    [map.item, map.object],
  ]);
  return {
    edits,
    results: [...edits.map((edit) => done(edit, objects.get(edit.item))), ...warnings.map(result)],
  };
}

const HEAP_SIZE = 'HEAP_SIZE';
const AWARENESS_ZONES = 'AWARENESS_ZONES';

const variables = ({ heap, zones }: Numbers): Variable[] => [
  { name: HEAP_SIZE, value: heap, why: 'the size of the heap', field: 'heap' },
  {
    name: AWARENESS_ZONES,
    value: zones?.join(','),
    why: zones === undefined ? 'no zones are named' : 'copies of a shard wait for their zone',
    field: 'zones',
  },
];

const at = (item: number, changes: readonly Change[]): PlannedEdit[] => changes.map((change) => ({ ...change, item }));

/** What a StatefulSet must have before anything can follow from it. */
function required({ spec, metadata }: IStatefulSet): Problem[] {
  const must = (path: string[], value: unknown, why: string): Problem[] =>
    value === undefined || value === null || value === '' ? [{ path, must: `be given: ${why}`, found: value }] : [];
  const renamed = annotation({ metadata }, `${KUSTOMIZE}prefixes`) ?? annotation({ metadata }, `${KUSTOMIZE}suffixes`);
  return [
    ...(renamed === undefined
      ? []
      : [
          {
            path: ['metadata', 'name'],
            must:
              `have no prefix or suffix, as ${String(renamed)}: rights, certificates and other programs name it. ` +
              'Another namespace keeps clusters apart',
            found: metadata?.name,
          },
        ]),
    ...must(['metadata', 'name'], metadata?.name, 'the pods are named after it'),
    ...must(['spec', 'serviceName'], spec?.serviceName, 'the headless Service gives the pods their host names'),
    ...must(['spec', 'selector'], spec?.selector, 'pods of this selector are spread'),
  ];
}

function serviceWarnings(set: IStatefulSet, governing: unknown): Finding[] {
  if (governing === undefined) {
    const name = JSON.stringify(set.spec?.serviceName);
    return [
      {
        severity: 'warning',
        object: set,
        path: ['spec', 'serviceName'],
        found: set.spec?.serviceName,
        text: `names no Service of this list: the seed hosts need ${name} to be headless`,
      },
    ];
  }
  const spec = isMap(governing) && isMap(governing.spec) ? governing.spec : {};
  const warning = (field: string, text: string, proposed: string | boolean): Finding[] => [
    { severity: 'warning', object: governing, path: ['spec', field], text, found: spec[field], proposed },
  ];
  return [
    ...(spec.clusterIP === 'None'
      ? []
      : warning('clusterIP', 'should be None: only then have pods host names', 'None')),
    ...(spec.publishNotReadyAddresses === true
      ? []
      : warning('publishNotReadyAddresses', 'should be true: nodes must find each other before they are ready', true)),
  ];
}

function notOne(sets: readonly Typed<IStatefulSet>[], { statefulSet }: Config): Problem {
  const path = ['spec', 'statefulSet'];
  const wanted =
    statefulSet === undefined
      ? 'the label app.kubernetes.io/name: elasticsearch'
      : `the name ${nameOf(statefulSet.namespace, statefulSet.name)}`;
  const found = sets.map(({ object: { metadata } }) => nameOf(metadata?.namespace, metadata?.name)).sort();
  return {
    path,
    must: `match exactly one StatefulSet of the list, by ${wanted}`,
    found: found.length > 0 ? found : undefined,
  };
}

const nameOf = (...parts: (string | undefined)[]): string => parts.filter((part) => part !== undefined).join('/');

const notOneMap = (count: number, set: IStatefulSet): Problem => ({
  path: [...POD_SPEC, 'volumes'],
  must: `mount exactly one ConfigMap of the list that has the key ${SEED_HOSTS}`,
  found: count === 0 ? podSpec(set)?.volumes?.flatMap(({ configMap }) => configMap?.name ?? []) : count,
});

const noContainer = (set: IStatefulSet, list: 'containers' | 'initContainers', name: string): Problem => ({
  path: [...POD_SPEC, list],
  must: `have one named ${JSON.stringify(name)}`,
  found: containerNames(set, list),
});

const refused = (object: unknown, problems: readonly Problem[]): Plan => ({
  edits: [],
  results: problems.map(({ path, must, found }) =>
    result({ severity: 'error', object, path, text: `must ${must}`, found }),
  ),
});

const done = ({ path, value, why }: PlannedEdit, object: unknown): Result =>
  result({
    severity: 'info',
    object,
    path,
    text: `${value === undefined ? 'taken away' : 'set'}: ${why}`,
    proposed: value,
  });
