// Container or exec: which of the two equal forms of the function a render uses.
import { readFileSync } from 'node:fs';
import { load } from 'js-yaml';
import { UserError } from '../cli.ts';
import { parseManifests } from '../objects.ts';
import { functionConfig } from '../paths.ts';
import { run } from '../process.ts';

const functionAnnotation = 'config.kubernetes.io/function';

export type Form = 'container' | 'exec';

/** The function's image, read from the one place that names it. */
export const functionImage = (file = functionConfig): string => {
  const annotation = parseManifests(readFileSync(file, 'utf8'))[0]?.metadata.annotations?.[functionAnnotation];
  const config = (annotation === undefined ? undefined : load(annotation)) as
    | { container?: { image?: string } }
    | undefined;
  const image = config?.container?.image;
  if (image === undefined) throw new UserError(`${file} must name an image in its annotation ${functionAnnotation}`);
  return image;
};

export const dockerAnswers = async (): Promise<boolean> =>
  (await run('docker', ['info', '--format', '{{.ServerVersion}}'], { seconds: 10 })).code === 0;

const hasImage = async (image: string): Promise<boolean> =>
  (await run('docker', ['image', 'inspect', image], { seconds: 10 })).code === 0;

/** `wanted` is what the user asked for with FORM; without it, the container is used where it can be. */
export const chooseForm = async (image: string, wanted: string | undefined): Promise<{ form: Form; why: string }> => {
  if (wanted === 'exec' || wanted === 'container') return { form: wanted, why: 'as FORM says' };
  if (wanted !== undefined && wanted !== '')
    throw new UserError(`FORM must be "container" or "exec", but is "${wanted}"`);
  if (!(await dockerAnswers())) return { form: 'exec', why: 'no Docker engine answers' };
  if (!(await hasImage(image)))
    return { form: 'exec', why: `the Docker engine has no image ${image}; "make image" builds it` };
  return { form: 'container', why: `image ${image}` };
};
