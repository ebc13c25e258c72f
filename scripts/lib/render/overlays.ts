// An overlay is any folder under overlays/ that holds a kustomization, also one that a user adds.
import { existsSync, readdirSync } from 'node:fs';
import { join, normalize } from 'node:path';
import { UserError } from '../cli.ts';

const kustomizationFiles = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'];

export const isKustomization = (folder: string): boolean =>
  kustomizationFiles.some((file) => existsSync(join(folder, file)));

export const listOverlays = (root: string): string[] => {
  const overlays = join(root, 'overlays');
  if (!existsSync(overlays)) return [];
  return readdirSync(overlays)
    .filter((name) => isKustomization(join(overlays, name)))
    .sort();
};

/** The overlay's folder, relative to the root. */
export const overlayFolder = (root: string, name: string | undefined): string => {
  const folder = normalize(join('overlays', name ?? ''));
  if (name !== undefined && name !== '' && folder.startsWith('overlays/') && isKustomization(join(root, folder)))
    return folder.replace(/\/$/, '');
  const found = name === undefined || name === '' ? 'none is named' : `"${name}" is none`;
  throw new UserError(
    `OVERLAY must be a folder under overlays/ with a kustomization.yaml; ${found}. ` +
      `There are: ${listOverlays(root).join(', ') || 'none'}. Example: OVERLAY=dev`,
  );
};
