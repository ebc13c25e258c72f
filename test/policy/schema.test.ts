import { beforeAll, describe, expect, test } from '@jest/globals';
import { parseManifests } from '../../scripts/lib/objects.ts';
import { listOverlays } from '../../scripts/lib/render/overlays.ts';
import { buildSeconds, renderFolder, root } from '../render/harness.ts';
import { schemaFindings } from './schema.ts';

test.each(listOverlays(root))(
  'every object of overlay %s is what the Kubernetes API asks for',
  async (overlay) => {
    const { objects } = await renderFolder(`overlays/${overlay}`);
    expect(await schemaFindings(objects)).toEqual([]);
  },
  buildSeconds,
);

// kubectl apply keeps the object in an annotation of it; all annotations of an object together hold 256 KiB.
// https://github.com/kubernetes/apimachinery/blob/v0.37.2/pkg/api/validation/objectmeta.go
const ANNOTATIONS = 262_144;

test.each(listOverlays(root))(
  'kubectl apply can keep a copy of every object of overlay %s in an annotation, and a quarter is left',
  async (overlay) => {
    const { objects } = await renderFolder(`overlays/${overlay}`);
    const large = objects
      .map((object) => ({ name: `${object.kind} ${object.metadata?.name}`, bytes: JSON.stringify(object).length }))
      .filter(({ bytes }) => bytes > ANNOTATIONS * 0.75);
    expect(large).toEqual([]);
  },
  buildSeconds,
);

describe('the check is strict: in the rendered prod overlay it finds', () => {
  let text = '';
  beforeAll(async () => {
    text = (await renderFolder('overlays/prod')).text;
  }, buildSeconds);

  test.each([
    [
      'a misspelt field',
      /terminationGracePeriodSeconds:/,
      'terminationGracePeriodSecond:',
      /"terminationGracePeriodSecond"' does not exist in type 'IPodSpec'/,
    ],
    [
      'a misspelt field inside a list',
      /whenUnsatisfiable:/,
      'whenUnsatisfable:',
      /"whenUnsatisfable"' does not exist in type 'ITopologySpreadConstraint'/,
    ],
    [
      'a field at the wrong depth',
      /podManagementPolicy: Parallel/,
      'hostNetwork: true',
      /"hostNetwork"' does not exist in type 'IStatefulSetSpec'/,
    ],
    ['a number written as text', /replicas: 3/, 'replicas: "3"', /Type 'string' is not assignable to type 'number'/],
    [
      'a value that is not among those allowed',
      /podManagementPolicy: Parallel/,
      'podManagementPolicy: AllAtOnce',
      /AllAtOnce/,
    ],
    ['a missing field', /\n {2}selector:\n {4}matchLabels:(?:\n {6}.*)+/, '', /selector/],
    [
      'a kind that does not exist',
      /kind: StatefulSet/,
      'kind: StatefullSet',
      /^StatefullSet reviews\/elasticsearch: no such kind in apps\/v1$/,
    ],
  ])(
    '%s',
    async (_, search, replacement, expected) => {
      const changed = text.replace(search, replacement);
      expect(changed).not.toBe(text);
      const findings = await schemaFindings(parseManifests(changed));
      expect(findings).not.toEqual([]);
      expect(findings.join('\n')).toMatch(expected);
    },
    60_000,
  );
});
