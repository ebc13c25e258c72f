// One render: kustomize with the function in one of its two forms, and the proof that the function ran.
import { join } from 'node:path';
import { UserError } from '../cli.ts';
import { type KubernetesObject, parseManifests } from '../objects.ts';
import { type Finished, run } from '../process.ts';
import { execForm } from './exec-form.ts';
import { type RenderFinding, refusal } from './finding.ts';
import type { Form } from './form.ts';
import { limitFindings } from './limits.ts';
import { proofFindings } from './proof.ts';

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
  /** What kustomize and the function said on stderr although they succeeded, and what the checks warn of. */
  readonly warnings: string;
}

const seconds = 120;

const build = async ({
  root,
  folder,
  form,
  kustomize,
  bundle,
  env = process.env,
}: RenderOptions): Promise<Finished> => {
  const flags = ['--enable-alpha-plugins', ...(form === 'exec' ? ['--enable-exec'] : [])];
  const done = await run(kustomize, ['build', ...flags, join(root, folder)], {
    seconds,
    cwd: root,
    env: form === 'exec' ? await execForm(bundle, env) : env,
  });
  return { ...done, stderr: done.stderr.replaceAll(`${root}/`, '') };
};

export const render = async (options: RenderOptions): Promise<Rendered> => {
  const { code, stdout, stderr } = await build(options);
  if (code !== 0)
    throw new UserError(`kustomize could not build ${options.folder} (exit code ${code}):\n${stderr.trim()}`);
  const objects = parseManifests(stdout);
  const proof = proofFindings(objects);
  // What else is wrong says little where the function has not run.
  const findings = proof.length > 0 ? proof.map(refusal) : limitFindings(objects);
  const messagesOf = (level: RenderFinding['level']): string[] =>
    findings.filter((finding) => finding.level === level).map(({ message }) => message);
  const refusals = messagesOf('refusal');
  if (refusals.length > 0)
    throw new UserError(
      [`the render of ${options.folder} is not to be used`, ...refusals, stderr.trim()].join('\n').trim(),
    );
  const warnings = messagesOf('warning').map((message) => `warning: ${message}`);
  return { text: stdout, objects, warnings: [stderr.trim(), ...warnings].join('\n').trim() };
};
