import schema from '../../schema.json';
import { equal } from '../yaml/json.ts';
import { check, type Problem, type Schema } from './schema-check.ts';

/** Must a pod wait rather than break the spread? */
export type Spread = 'Strict' | 'BestEffort';
/** What the loss of a zone may cost. */
export type Loss = 'Quorum' | 'LastCopy';

interface Spec {
  readonly statefulSet?: { readonly name: string; readonly namespace?: string };
  readonly container: string;
  readonly prepareContainer?: string;
  readonly spread: Spread;
  readonly zoneSpread?: Spread;
  readonly hostSpread?: Spread;
  readonly acceptedLosses?: readonly Loss[];
  readonly heap?: string;
  readonly zones?: readonly string[];
  readonly clusterDomain: string;
}

/** The functionConfig's `spec` with its defaults filled in. */
export type Config = Omit<Spec, 'spread'> & { readonly zoneSpread: Spread; readonly hostSpread: Spread };

const configSchema: Schema = schema;
const NONE = { apiVersion: 'delivery-reviews.dev/v1alpha1', kind: 'ElasticsearchTopology' };
/** What `kpt fn eval` sends where it is given no config. */
const EMPTY = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'function-input' }, data: {} };

/** The config, or what is wrong with it. No functionConfig at all means that every default holds. */
export function readConfig(functionConfig: unknown): Config | Problem[] {
  const given = equal(functionConfig, EMPTY) ? NONE : (functionConfig ?? NONE);
  const problems = check(configSchema, given);
  if (problems.length > 0) return problems;
  const { spread, ...spec } = { ...defaults(), ...(given as { spec?: Partial<Spec> }).spec };
  return { zoneSpread: spread, hostSpread: spread, ...spec };
}

function defaults(): Spec {
  const { container, spread, clusterDomain } = schema.properties.spec.properties;
  return {
    container: container.default,
    spread: spread.default as Spread,
    clusterDomain: clusterDomain.default,
  };
}
