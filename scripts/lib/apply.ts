// Server-side apply with one field manager: what has not changed is not touched, so a second deploy restarts nothing.
import { UserError } from './cli.ts';
import { kubectl } from './kubectl.ts';

export const fieldManager = 'delivery-reviews';

const hintFor = (stderr: string): string => {
  if (stderr.includes('conflict'))
    return '. Somebody else changed these fields, for example with kubectl scale: put the value into the overlay, or take them over with FORCE=1';
  if (stderr.includes('updates to statefulset spec for fields other than'))
    return '. Kubernetes does not change these fields of a StatefulSet: delete it with --cascade=orphan, which leaves pods and data alone, and deploy again';
  return '';
};

export const apply = async (manifests: string, force: boolean): Promise<void> => {
  const args = ['apply', '--server-side', `--field-manager=${fieldManager}`, ...(force ? ['--force-conflicts'] : []), '-f', '-'];
  const applied = await kubectl(args, { input: manifests, show: true, seconds: 300 });
  if (applied.code === 0) return;
  throw new UserError(`the manifests could not be applied${hintFor(applied.stderr)}`);
};

/** What an apply would change, as kubectl shows it; empty when nothing. Fields that others own are shown as well. */
export const serverDiff = async (manifests: string): Promise<string> => {
  const args = ['diff', '--server-side', '--force-conflicts', `--field-manager=${fieldManager}`, '-f', '-'];
  const { code, stdout, stderr } = await kubectl(args, { input: manifests, seconds: 300 });
  if (code > 1 && /namespaces "[^"]*" not found/.test(stderr))
    throw new UserError('the namespace does not exist yet: a deploy would create everything');
  if (code > 1) throw new UserError(`kubectl diff failed:\n${stderr.trim()}`);
  return stdout;
};
