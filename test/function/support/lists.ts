// Whole lists, with one cluster or more among resources that concern nobody.
import { cluster } from './clusters.ts';
import { type Choose, choices, pick, sometimes } from './tape.ts';
import { type Looks, type Model, type Place, pathKey, Raw, Writer } from './writer.ts';

export interface Generated {
  readonly text: string;
  /** Where what stands at a path is written. */
  place(path: readonly (string | number)[]): Place | undefined;
  /** Where the entries of what stands at a path are written, in their order. */
  entries(path: readonly (string | number)[]): Place[];
}

export function generate(tape: Uint8Array): Generated {
  const choose = choices(tape);
  const flow = pick<Looks['flow']>(choose, ['never', 'sometimes', 'sometimes', 'never', 'always', 'json']);
  const looks: Looks = {
    eol: flow !== 'json' && sometimes(choose, 6) ? '\r\n' : '\n',
    comments: flow !== 'json' && flow !== 'always' && sometimes(choose, 2),
    anchors: flow !== 'json' && sometimes(choose, 10),
    flow,
  };
  const root = list(choose);
  const writer = new Writer(choose, looks);
  if (looks.comments) writer.put(`# a list${looks.eol}`);
  if (flow !== 'json' && sometimes(choose, 8)) writer.put(`---${looks.eol}`);
  if (flow === 'json' || (flow === 'always' && sometimes(choose, 2))) writer.inline(root, [], 0, true);
  else writer.map(root, 0, []);
  if (!sometimes(choose, 10)) writer.put(looks.eol);
  const { text, places } = writer.written();
  return {
    text,
    place: (path) => places.get(pathKey(path)),
    entries: (path) => {
      const inside = path.length === 0 ? '[' : `${pathKey(path).slice(0, -1)},`;
      return [...places]
        .filter(([key]) => key.startsWith(inside) && (JSON.parse(key) as unknown[]).length === path.length + 1)
        .map(([, place]) => place)
        .sort((a, b) => a.start - b.start);
    },
  };
}

function list(choose: Choose): { readonly [key: string]: Model } {
  const clusters = [cluster(choose, 'elasticsearch'), ...(sometimes(choose, 6) ? [cluster(choose, 'second')] : [])];
  const resources = [
    ...clusters.flatMap((one) => one.resources),
    ...Array.from({ length: choose(5) }, () => bystander(choose)),
  ];
  const from = choose(resources.length);
  const head = { apiVersion: 'config.kubernetes.io/v1', kind: 'ResourceList' };
  const items = { items: [...resources.slice(from), ...resources.slice(0, from)] };
  const config = sometimes(choose, 6) ? {} : { functionConfig: functionConfig(choose) };
  const results = sometimes(choose, 8) ? { results: [{ message: 'of another function', severity: 'info' }] } : {};
  return pick<{ readonly [key: string]: Model }>(choose, [
    { ...head, ...items, ...config, ...results },
    { ...head, ...config, ...items, ...results },
    { ...results, ...items, ...head, ...config },
  ]);
}

const functionConfig = (choose: Choose): Model => ({
  apiVersion: 'delivery-reviews.dev/v1alpha1',
  kind: 'ElasticsearchTopology',
  metadata: {
    name: 'elasticsearch-topology',
    annotations: { 'config.kubernetes.io/function': 'container:\n  image: x\n' },
  },
  spec: {
    statefulSet: { name: 'elasticsearch' },
    ...(sometimes(choose, 12) ? {} : { acceptedLosses: ['Quorum', 'LastCopy'] }),
    ...pick<{ readonly [key: string]: Model }>(choose, [
      {},
      { spread: 'BestEffort' },
      { spread: 'BestEffort', hostSpread: 'Strict', heap: '128Mi' },
      { zones: ['a', 'b', 'c'] },
      { zones: ['only'] },
      ...(sometimes(choose, 6) ? [{ spraed: 1 }] : []),
    ]),
  },
});

/** What no edit may touch: words that the function looks for, and everything that a YAML writer would write anew. */
const ODD: readonly [Model, ...Model[]] = [
  'plain',
  new Raw('0644'),
  new Raw('0o644'),
  new Raw('2001-01-01'),
  new Raw('2001-01-01 10:00:00'),
  new Raw('1:30'),
  new Raw('12345678901234567890'),
  new Raw('1_000'),
  new Raw('yes'),
  new Raw('~'),
  new Raw('!!str 5'),
  new Raw('.inf'),
  new Raw('|+\n  - kind: StatefulSet\n  items:\n\n'),
  new Raw('>-\n  folded\n   more\n\n  text'),
  new Raw('|-\n  a: b'),
  new Raw('"\\u00e4\\x41 \\"q\\""'),
  'StatefulSet',
  'unicast_hosts.txt',
  "it's",
  'ä € 😀',
  'a: b # c',
  '- x',
  '',
  ' ',
  null,
  true,
  1.5,
];

function bystander(choose: Choose): Model {
  const odd = (): Model => pick(choose, ODD);
  const named = pick<{ readonly [key: string]: Model }>(choose, [
    { metadata: { name: 'same', namespace: 'reviews' } },
    {},
    { metadata: {} },
  ]);
  const kind = pick(choose, ['Deployment', 'ConfigMap', 'StatefulSet', 'Kustomization']);
  return pick<Model>(choose, [
    {
      apiVersion: 'v1',
      kind,
      ...named,
      data: { a: odd(), 'b.c/d': odd(), list: [odd(), [odd()], { x: odd(), y: odd() }] },
    },
    { kind, ...named, spec: { deep: { deeper: [{ name: odd(), value: [odd(), odd()] }] } } },
    { apiVersion: 'v1', kind, ...named, data: { 'unicast_hosts.txt': odd(), empty: {}, none: [] } },
    {},
  ]);
}
