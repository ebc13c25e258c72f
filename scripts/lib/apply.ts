// Server-side apply with one field manager: what has not changed is not touched, so a second deploy restarts nothing.
import { UserError } from './cli.ts';
import { kubectl } from './kubectl.ts';

export const fieldManager = 'delivery-reviews';

export const apply = async (manifests: string, force: boolean): Promise<void> => {
  const args = ['apply', '--server-side', `--field-manager=${fieldManager}`, ...(force ? ['--force-conflicts'] : []), '-f', '-'];
  const applied = await kubectl(args, { input: manifests, show: true, seconds: 300 });
  if (applied.code === 0) return;
  const conflict = applied.stderr.includes('conflict')
    ? '. Somebody else changed these fields, for example with kubectl scale: put the value into the overlay, or take them over with FORCE=1'
    : '';
  throw new UserError(`the manifests could not be applied${conflict}`);
};

/** What an apply would change, as kubectl shows it; empty when nothing. */
export const serverDiff = async (manifests: string): Promise<string> => {
  const args = ['diff', '--server-side', `--field-manager=${fieldManager}`, '-f', '-'];
  const { code, stdout, stderr } = await kubectl(args, { input: manifests, seconds: 300 });
  if (code > 1) throw new UserError(`kubectl diff failed:\n${stderr.trim()}`);
  return stdout;
};
