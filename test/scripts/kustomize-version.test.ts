import { expect, test } from '@jest/globals';
import { isNewEnough } from '../../scripts/lib/render/kustomize.ts';

test.each(['v5.8.1', 'v5.8.2', 'v5.10.0', '{Version:kustomize/v5.9.0 BuildDate:2026}'])(
  'kustomize %s is used',
  (version) => {
    expect(isNewEnough(version)).toBe(true);
  },
);

test.each(['v5.8.0', 'v5.7.1', 'v4.9.9', 'v6.0.0', '(devel)', ''])('kustomize "%s" is not used', (version) => {
  expect(isNewEnough(version)).toBe(false);
});
