import type { Path } from '../yaml/edit.ts';
import { isMap } from '../yaml/json.ts';
import type { Problem } from './schema-check.ts';

/** The form that data must have before it may be read as a type; what a shape does not name may be anything. */
export type Shape = 'string' | 'number' | 'anything' | readonly [Shape] | { readonly [key: string]: Shape };

const ENV: Shape = [{ name: 'string' }];
const CONTAINERS: Shape = [{ name: 'string', env: ENV, resources: { limits: {}, requests: {} } }];

export const STATEFUL_SET: Shape = {
  metadata: { name: 'string', namespace: 'string', labels: {}, annotations: {} },
  spec: {
    replicas: 'number',
    serviceName: 'string',
    ordinals: { start: 'number' },
    volumeClaimTemplates: [
      { metadata: { name: 'string' }, spec: { accessModes: ['string'], resources: { requests: {} } }, status: {} },
    ],
    selector: { matchLabels: {}, matchExpressions: ['anything'] },
    template: {
      spec: {
        terminationGracePeriodSeconds: 'number',
        containers: CONTAINERS,
        initContainers: CONTAINERS,
        volumes: [{ configMap: { name: 'string' }, projected: { sources: [{ configMap: { name: 'string' } }] } }],
        topologySpreadConstraints: [{ topologyKey: 'string' }],
      },
    },
  },
};

const WORDS: Readonly<Record<string, string>> = { string: 'a string', number: 'a whole number, 0 or more' };

/** Where data does not have the form; what is absent or null is fine, as everywhere in Kubernetes. */
export function misshapen(shape: Shape, data: unknown, path: Path = []): Problem[] {
  if (data === undefined || data === null || shape === 'anything') return [];
  const wrong = (must: string): Problem[] => [{ path, must: `be ${must}`, found: data }];
  if (typeof shape === 'string') {
    const fits = shape === 'number' ? Number.isInteger(data) && Number(data) >= 0 : typeof data === shape;
    return fits ? [] : wrong(WORDS[shape] ?? shape);
  }
  if (isList(shape)) {
    if (!Array.isArray(data)) return wrong('a list');
    const [item] = shape;
    return data.flatMap((entry, i) =>
      entry === null && typeof item === 'object'
        ? [{ path: [...path, i], must: 'be a map', found: entry }]
        : misshapen(item, entry, [...path, i]),
    );
  }
  if (!isMap(data)) return wrong('a map');
  return Object.entries(shape).flatMap(([key, inner]) =>
    misshapen(inner, Object.hasOwn(data, key) ? data[key] : undefined, [...path, key]),
  );
}

const isList = (shape: Shape): shape is readonly [Shape] => Array.isArray(shape);
