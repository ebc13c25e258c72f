import type { Configs, KptFunc, Result as SdkResult } from 'kpt-functions';
import type { Result } from './resource-list/results.ts';
import { plan } from './topology/plan.ts';
import { applyEdit } from './yaml/edit.ts';

/**
 * The function for other TypeScript functions that work on the SDK's Configs: the same plan, made on objects. The text
 * of the list is the SDK's affair, which writes it anew; run the bundle where every byte counts.
 */
export const elasticsearchTopology: KptFunc = (configs: Configs): Promise<void> => {
  const objects = configs.getAll();
  const resources = objects.map((object, item) => ({ item, object }));
  const { edits, results } = plan({ find: () => resources }, configs.getFunctionConfig());
  for (const edit of edits) {
    const object = objects[edit.item];
    // Configs hands out its own objects, so they are changed where they are.
    if (object !== undefined) Object.assign(object, applyEdit(object, edit));
  }
  configs.addResults(...results.map(sdkResult));
  return Promise.resolve();
};

elasticsearchTopology.usage = `Spreads an Elasticsearch cluster over zones and hosts, sizes its heap and names its seed
hosts, from the numbers in its StatefulSet. Configured by an ElasticsearchTopology of delivery-reviews.dev/v1alpha1; its
fields are described in the function's README and schema.json.`;

/** The SDK's words for the same: `warn`, `suggestedValue`, and a namespace that is always there. */
function sdkResult({ severity, message, resourceRef, field, file }: Result): SdkResult {
  const { path = '', currentValue, proposedValue } = field ?? {};
  return {
    severity: severity === 'warning' ? 'warn' : severity,
    message,
    ...(resourceRef === undefined ? {} : { resourceRef: { ...resourceRef, namespace: resourceRef.namespace ?? '' } }),
    ...(field === undefined
      ? {}
      : {
          field: {
            path,
            ...(currentValue === undefined ? {} : { currentValue }),
            ...(proposedValue === undefined ? {} : { suggestedValue: proposedValue }),
          },
        }),
    ...(file === undefined ? {} : { file }),
  };
}
