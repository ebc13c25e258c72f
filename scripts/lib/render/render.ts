// One render: kustomize with the function in one of its two forms, and the proof that the function ran.
import { join } from 'node:path';
import { UserError } from '../cli.ts';
import { type KubernetesObject, parseManifests } from '../objects.ts';
import { type Finished, run } from '../process.ts';
import { withExec } from './exec-form.ts';
import type { Form } from './form.ts';
import { proofFindings, withoutProof } from './proof.ts';
import { withWorkingCopy } from './working-copy.ts';

export interface RenderOptions {
  readonly root: string;
  /** The folder of the kustomization, relative to the root. */
  readonly folder: string;
  readonly form: Form;
  readonly kustomize: string;
  readonly bundle: string;
  /** For kustomize and the container engine; the caller's own where it is not given. */
  readonly env?: NodeJS.ProcessEnv;
}

export interface Rendered {
  readonly text: string;
  readonly objects: readonly KubernetesObject[];
  /** What kustomize and the function said on stderr, although they succeeded. */
  readonly warnings: string;
}

const seconds = 120;

const build = ({ root, folder, form, kustomize, bundle, env }: RenderOptions): Promise<Finished> => {
  const edit = (text: string): string => {
    const unproven = withoutProof(text);
    return form === 'exec' ? withExec(unproven, bundle, process.execPath) : unproven;
  };
  return withWorkingCopy(root, folder, edit, async (copy) => {
    const flags = ['--enable-alpha-plugins', ...(form === 'exec' ? ['--enable-exec'] : [])];
    const done = await run(kustomize, ['build', ...flags, join(copy, folder)], {
      seconds,
      ...(env === undefined ? {} : { env }),
    });
    // The reader knows the checkout, not the copy.
    return { ...done, stderr: done.stderr.replaceAll(`${copy}/`, '') };
  });
};

export const render = async (options: RenderOptions): Promise<Rendered> => {
  const { code, stdout, stderr } = await build(options);
  if (code !== 0)
    throw new UserError(`kustomize could not build ${options.folder} (exit code ${code}):\n${stderr.trim()}`);
  const objects = parseManifests(stdout);
  const findings = proofFindings(objects);
  if (findings.length > 0)
    throw new UserError(
      [`the render of ${options.folder} is not to be used`, ...findings, stderr.trim()].join('\n').trim(),
    );
  return { text: stdout, objects, warnings: stderr.trim() };
};
