// The real kustomize on this checkout, or on a copy of it that a test may change.
import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundle, root } from '../../scripts/lib/paths.ts';
import type { Form } from '../../scripts/lib/render/form.ts';
import { findKustomize } from '../../scripts/lib/render/kustomize.ts';
import { type Rendered, render } from '../../scripts/lib/render/render.ts';

export { bundle, root };

/** The first run builds kustomize; the limit of a test counts that too. */
export const buildSeconds = 600_000;

export const renderFolder = async (
  folder: string,
  from = root,
  form: Form = 'exec',
  env = process.env,
): Promise<Rendered> => render({ root: from, folder, form, kustomize: await findKustomize(), bundle, env });

/** A copy of the Kustomizations; the caller removes it. */
export const copyOfCheckout = (): { copy: string; remove: () => void } => {
  const copy = mkdtempSync(join(tmpdir(), 'checkout-'));
  for (const part of ['base', 'components', 'overlays'])
    if (existsSync(join(root, part))) cpSync(join(root, part), join(copy, part), { recursive: true });
  return { copy, remove: () => rmSync(copy, { recursive: true, force: true }) };
};
