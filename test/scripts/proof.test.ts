import { describe, expect, test } from '@jest/globals';
import { parseManifests } from '../../scripts/lib/objects.ts';
import { proofFindings, withoutProof } from '../../scripts/lib/render/proof.ts';

const statefulSet = (annotations: string, replicas: string): string => `
apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: elasticsearch
  namespace: reviews
  labels: {app.kubernetes.io/name: elasticsearch}
  annotations: {${annotations}}
spec: {${replicas}}
`;
const findings = (text: string): string[] => proofFindings(parseManifests(text));

describe('a render is accepted', () => {
  test('when the function left the number of replicas that was rendered', () => {
    const proof = 'delivery-reviews.dev/topology: replicas=3 heap=1024m spread=Strict';
    expect(findings(statefulSet(proof, 'replicas: 3'))).toEqual([]);
  });

  test('when no number is written, which means one replica', () => {
    expect(findings(statefulSet('delivery-reviews.dev/topology: replicas=1 heap=512m', ''))).toEqual([]);
  });
});

describe('a render is refused', () => {
  test('when the function was skipped', () => {
    expect(findings(statefulSet('', 'replicas: 3'))).toEqual([expect.stringContaining('the function did not run')]);
  });

  test('when the function ran before the overlay set its replicas', () => {
    const proof = 'delivery-reviews.dev/topology: replicas=3 heap=1024m';
    expect(findings(statefulSet(proof, 'replicas: 30'))).toEqual([
      expect.stringMatching(/`spec.replicas` 30.*says "replicas=3 heap=1024m"/),
    ]);
  });

  test('when the proof was already in the base, and the function did not run this time', () => {
    const text = statefulSet('', 'replicas: 3').replace(
      'annotations: {}',
      'annotations:\n    delivery-reviews.dev/topology: replicas=3 heap=1024m',
    );
    expect(findings(text)).toEqual([]);
    expect(findings(withoutProof(text))).toEqual([expect.stringContaining('the function did not run')]);
  });

  test('when it holds no Elasticsearch', () => {
    expect(findings('')).toEqual([expect.stringContaining('no StatefulSet labelled')]);
  });
});
