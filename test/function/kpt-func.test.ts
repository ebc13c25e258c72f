import { describe, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import { load } from 'js-yaml';
import { Configs, type KubernetesObject, kubernetesKey } from 'kpt-functions';
import { elasticsearchTopology } from '../../functions/elasticsearch-topology/src/kpt-func.ts';
import type { Result } from '../../functions/elasticsearch-topology/src/resource-list/results.ts';
import { call } from './support/call.ts';
import { generate } from './support/lists.ts';

const limits = { numRuns: 300, interruptAfterTimeLimit: 100_000 };

interface List {
  readonly items: KubernetesObject[];
  readonly functionConfig?: KubernetesObject;
  readonly results?: Result[];
}

// What the SDK does not lose: objects with a name, each once.
function keepable(items: readonly KubernetesObject[]): KubernetesObject[] {
  const named = items.filter(({ apiVersion, metadata }) => apiVersion && metadata?.name);
  return [...new Map(named.map((object) => [kubernetesKey(object), object])).values()];
}

const byKey = (objects: readonly KubernetesObject[]): KubernetesObject[] =>
  [...objects].sort((a, b) => kubernetesKey(a).localeCompare(kubernetesKey(b)));

const lists = fc.uint8Array({ minLength: 1, maxLength: 3000, size: 'max' }).map((tape): List => {
  // By way of JSON: what JSON can't say, such as infinity, no Kubernetes object holds.
  const { items, functionConfig } = JSON.parse(JSON.stringify(load(generate(tape).text))) as List;
  return { items: keepable(items), ...(functionConfig === undefined ? {} : { functionConfig }) };
});

async function bySdk({ items, functionConfig }: List): Promise<Configs> {
  const configs = new Configs(structuredClone(items), functionConfig);
  await elasticsearchTopology(configs);
  return configs;
}

const byText = (list: List): List =>
  JSON.parse(
    call(JSON.stringify({ apiVersion: 'config.kubernetes.io/v1', kind: 'ResourceList', ...list })).stdout,
  ) as List;

jest.setTimeout(150_000);

describe("The function over the SDK's Configs", () => {
  test("makes the same objects as the function over the list's text", async () => {
    await fc.assert(
      fc.asyncProperty(lists, async (list) => {
        const configs = await bySdk(list);
        expect(byKey(configs.getAll())).toEqual(byKey(byText(list).items));
      }),
      limits,
    );
  });

  test("adds the same results, in the SDK's words", async () => {
    await fc.assert(
      fc.asyncProperty(lists, async (list) => {
        const inSpecWords = (await bySdk(list)).getResults().map(({ severity, field, resourceRef, ...rest }) => {
          const { suggestedValue, ...others } = field ?? { path: '' };
          const { namespace, ...ref } = resourceRef ?? { namespace: '' };
          return {
            ...rest,
            severity: severity === 'warn' ? 'warning' : severity,
            ...(resourceRef === undefined
              ? {}
              : { resourceRef: { ...ref, ...(namespace === '' ? {} : { namespace }) } }),
            ...(field === undefined
              ? {}
              : { field: { ...others, ...(suggestedValue === undefined ? {} : { proposedValue: suggestedValue }) } }),
          };
        });
        expect(inSpecWords).toEqual(byText(list).results ?? []);
      }),
      limits,
    );
  });

  test('says how to use it', () => {
    expect(elasticsearchTopology.usage).toContain('ElasticsearchTopology');
  });
});
