import schema from '../../schema.json';
import { check, type Problem, type Schema } from './schema-check.ts';

/** The functionConfig's `spec` with its defaults filled in. */
export interface Config {
  readonly statefulSet?: { readonly name: string; readonly namespace?: string };
  readonly container: string;
  readonly prepareContainer: string;
  readonly spread: 'Strict' | 'BestEffort';
  readonly zones?: readonly string[];
  readonly clusterDomain: string;
}

const configSchema: Schema = schema;

/** The config, or what is wrong with it. No functionConfig at all means that every default holds. */
export function readConfig(functionConfig: unknown): Config | Problem[] {
  const given = functionConfig ?? { apiVersion: 'delivery-reviews.dev/v1alpha1', kind: 'ElasticsearchTopology' };
  const problems = check(configSchema, given);
  return problems.length > 0 ? problems : { ...defaults(), ...(given as { spec?: Partial<Config> }).spec };
}

function defaults(): Config {
  const { container, prepareContainer, spread, clusterDomain } = schema.properties.spec.properties;
  return {
    container: container.default,
    prepareContainer: prepareContainer.default,
    spread: spread.default as Config['spread'],
    clusterDomain: clusterDomain.default,
  };
}
