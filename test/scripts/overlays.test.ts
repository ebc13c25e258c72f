import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { listOverlays, overlayFolder } from '../../scripts/lib/render/overlays.ts';

describe('the overlay that a user names', () => {
  let root = '';
  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), 'overlays-'));
    for (const folder of ['overlays/dev', 'overlays/mine', 'overlays/notes', 'base'])
      mkdirSync(join(root, folder), { recursive: true });
    for (const folder of ['overlays/dev', 'overlays/mine', 'base'])
      writeFileSync(join(root, folder, 'kustomization.yaml'), '');
  });
  afterAll(() => rmSync(root, { recursive: true }));

  test('is any folder under overlays/ with a kustomization', () => {
    expect(listOverlays(root)).toEqual(['dev', 'mine']);
    expect(overlayFolder(root, 'mine')).toBe('overlays/mine');
  });

  test.each(['prod', 'notes', '../base', ''])('may not be "%s", and the error names those that exist', (name) => {
    expect(() => overlayFolder(root, name)).toThrow(/OVERLAY must be a folder under overlays\/.*There are: dev, mine/s);
  });
});
