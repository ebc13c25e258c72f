// From the name of an overlay to its manifests, with everything that a fresh machine lacks built on the way.

import { progress } from '../cli.ts';
import { bundle, root } from '../paths.ts';
import { buildBundle } from './bundle.ts';
import { chooseForm, functionImage } from './form.ts';
import { findKustomize } from './kustomize.ts';
import { overlayFolder } from './overlays.ts';
import { type Rendered, render } from './render.ts';

export const renderOverlay = async (
  overlay: string | undefined,
  wantedForm = process.env['FORM'],
): Promise<Rendered> => {
  const folder = overlayFolder(root, overlay);
  const { form, why } = await chooseForm(functionImage(), wantedForm);
  if (form === 'exec') await buildBundle();
  const kustomize = await findKustomize();
  progress(`Rendering ${folder}, function in ${form} form (${why})`);
  const rendered = await render({ root, folder, form, kustomize, bundle });
  if (rendered.warnings !== '') progress(rendered.warnings);
  return rendered;
};
