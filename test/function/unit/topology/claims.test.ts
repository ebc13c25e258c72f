import { describe, expect, test } from '@jest/globals';
import type { Json, JsonMap } from '../../../../functions/elasticsearch-topology/src/yaml/json.ts';
import { at, planned } from '../../support/objects.ts';

const spec: JsonMap = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '10Gi' } } };
const good: JsonMap = { metadata: { name: 'data' }, spec };
const sized = (storage: string): JsonMap => ({ ...good, spec: { ...spec, resources: { requests: { storage } } } });
const plannedWith = (...templates: Json[]) => planned({ set: [[['spec', 'volumeClaimTemplates'], templates]] });

describe('A claim template', () => {
  test.each<[string, JsonMap, string]>([
    [
      'a size',
      { ...good, spec: { accessModes: ['ReadWriteOnce'] } },
      'spec.resources.requests.storage` must be a size',
    ],
    ['a size above 0', sized('0'), 'spec.resources.requests.storage` must be a size such as 10Gi, found "0"'],
    ['access modes', { ...good, spec: { ...spec, accessModes: [] } }, 'spec.accessModes` must name one'],
    ['a name', { spec }, 'metadata.name` must be given'],
  ])('without %s is refused', (_what, template, words) => {
    const { messages, edits } = plannedWith(good, template);
    expect(messages).toEqual([expect.stringContaining(`\`spec.volumeClaimTemplates[1].${words}`)]);
    expect(edits).toEqual([]);
  });

  test('gets what the API server fills in, and keeps what it has', () => {
    const own = { ...good, kind: 'PersistentVolumeClaim', spec: { ...spec, volumeMode: 'Block' } };
    const { set, messages } = plannedWith(good, own);
    expect(messages).toEqual([]);
    const filled = { apiVersion: 'v1', kind: 'PersistentVolumeClaim', status: { phase: 'Pending' } };
    expect(at(set, 'spec', 'volumeClaimTemplates')).toEqual([
      { ...good, ...filled, spec: { ...spec, volumeMode: 'Filesystem' } },
      { ...own, ...filled },
    ]);
  });
});
