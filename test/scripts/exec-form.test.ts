import { describe, expect, test } from '@jest/globals';
import { load } from 'js-yaml';
import { parseManifests } from '../../scripts/lib/objects.ts';
import { functionAnnotation, withExec } from '../../scripts/lib/render/exec-form.ts';

const config = `apiVersion: delivery-reviews.dev/v1alpha1
kind: ElasticsearchTopology
metadata:
  name: elasticsearch-topology
  annotations:
    config.kubernetes.io/local-config: "true"
    config.kubernetes.io/function: |
      container:
        image: delivery-reviews/elasticsearch-topology:0.1.0
spec:
  zones: [a, "1", "true"]
`;

describe('the exec form of a config', () => {
  test('names the bundle in place of the image, and leaves the rest as it was', () => {
    const [object] = parseManifests(withExec(config, '/some where/bundle.cjs', '/usr/bin/node'));
    expect(load(object?.metadata.annotations?.[functionAnnotation] ?? '')).toEqual({
      exec: { path: '/usr/bin/node', args: ['/some where/bundle.cjs'] },
    });
    expect(object).toMatchObject({
      metadata: { annotations: { 'config.kubernetes.io/local-config': 'true' } },
      spec: { zones: ['a', '1', 'true'] },
    });
  });

  test('is made in a patch of an overlay that names another image, too', () => {
    const patch = config.replace(/spec:[^]*/, '').replace('delivery-reviews/', 'registry.example/');
    expect(withExec(patch, '/bundle.cjs', '/node')).not.toContain('registry.example');
  });

  test('is made in each document of a file', () => {
    const both = withExec(`${config}---\n${config}`, '/bundle.cjs', '/node');
    expect(parseManifests(both)).toHaveLength(2);
    expect(both).not.toContain('container');
  });

  test.each(['kind: ConfigMap\nmetadata: {name: a}\n', 'kind: ElasticsearchTopology\nmetadata: {name: a}\nspec: {}\n'])(
    'leaves a file alone that names no function',
    (text) => {
      expect(withExec(text, '/bundle.cjs', '/node')).toBe(text);
    },
  );
});
