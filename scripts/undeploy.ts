// Removes an overlay from the cluster: tsx scripts/undeploy.ts OVERLAY [--yes]
// Where the overlay keeps its claims, the namespace stays too: deleting it would delete them.
import type { IPersistentVolumeClaim } from 'kubernetes-models/v1';
import { command, progress, UserError } from './lib/cli.ts';
import { confirm } from './lib/confirm.ts';
import { currentContext, getJson, kubectl, type List } from './lib/kubectl.ts';
import { renderOverlay } from './lib/prepare.ts';
import { claimFate, targetOf, type Target } from './lib/target.ts';

const claimNames = async ({ namespace, statefulSet }: Target): Promise<string[]> => {
  const { items } = await getJson<List<IPersistentVolumeClaim>>(['-n', namespace, 'persistentvolumeclaims']);
  const templates = (statefulSet.spec?.volumeClaimTemplates ?? []).map(({ metadata }) => `${metadata?.name ?? ''}-${statefulSet.metadata.name}-`);
  return items.map(({ metadata }) => metadata?.name ?? '').filter((name) => templates.some((start) => name.startsWith(start)));
};

const remove = async (input: string): Promise<void> => {
  const done = await kubectl(['delete', '--ignore-not-found', '--wait', '-f', '-'], { input, show: true, seconds: 600 });
  if (done.code !== 0) throw new UserError('not everything could be removed');
};

command(async () => {
  const { objects } = await renderOverlay(process.argv[2]);
  const target = targetOf(objects);
  const keeps = claimFate(target) === 'Retain';
  const { namespace } = target;
  const claims = await claimNames(target);
  const named = claims.length > 0 ? claims.join(', ') : 'there are none now';

  progress(`Context ${await currentContext()}, namespace ${namespace}`);
  progress(
    keeps
      ? `The data stays: the claims (${named}), the Secrets with the certificate authority and the passwords, and the ` +
          `namespace. A later deploy goes on with them. Whoever wants them gone for ever: kubectl delete namespace ${namespace}`
      : `The data is deleted for ever: the claims (${named}), the Secrets, and the whole namespace ${namespace}`,
  );
  await confirm(`Remove ${objects.length} objects${keeps ? '' : ' and all data'}?`);

  const isNamespace = ({ kind }: { kind: string }): boolean => kind === 'Namespace';
  const asText = (chosen: readonly unknown[]): string => JSON.stringify({ apiVersion: 'v1', kind: 'List', items: chosen });
  await remove(asText(objects.filter((object) => !isNamespace(object))));
  if (!keeps) await remove(asText(objects.filter(isNamespace)));
  progress(keeps ? 'Removed; the data is kept' : 'Removed, with the data');
});
