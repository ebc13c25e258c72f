// Removes an overlay from the cluster: tsx scripts/undeploy.ts OVERLAY [--yes] Where the overlay keeps its claims, the
// namespace stays too: deleting it would delete them. What another environment uses, or may use, is found before
// anything is removed, and then nothing is.
import type { IPersistentVolumeClaim } from 'kubernetes-models/v1';
import { removalPlan, strangers } from './lib/check/belonging.ts';
import { lookAround } from './lib/check/look-around.ts';
import { scopesOf } from './lib/check/scope.ts';
import { command, progress, UserError } from './lib/cli.ts';
import { confirm } from './lib/cluster/confirm.ts';
import { currentContext, getJson, kubectl, type List } from './lib/cluster/kubectl.ts';
import { claimFate, type Target, targetOf } from './lib/cluster/target.ts';
import type { KubernetesObject } from './lib/objects.ts';
import { renderOverlay } from './lib/render/prepare.ts';

const isNamespace = ({ kind }: KubernetesObject): boolean => kind === 'Namespace';
const isWorkload = ({ kind }: KubernetesObject): boolean =>
  ['StatefulSet', 'Deployment', 'Job', 'CronJob'].includes(kind);

const claimNames = async ({ namespace, statefulSet }: Target): Promise<string[]> => {
  const { items } = await getJson<List<IPersistentVolumeClaim>>(['-n', namespace, 'persistentvolumeclaims']);
  const templates = (statefulSet.spec?.volumeClaimTemplates ?? []).map(
    ({ metadata }) => `${metadata?.name ?? ''}-${statefulSet.metadata.name}-`,
  );
  return items
    .map(({ metadata }) => metadata?.name ?? '')
    .filter((name) => templates.some((start) => name.startsWith(start)));
};

const remove = async (objects: readonly KubernetesObject[]): Promise<void> => {
  const input = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects });
  const done = await kubectl(['delete', '--ignore-not-found', '--wait', '-f', '-'], {
    input,
    show: true,
    seconds: 600,
  });
  if (done.code !== 0) throw new UserError('not everything could be removed');
};

/** Pods that end still ask the API server whether they are wanted, so their rights go last. */
const podsGone = async (namespace: string): Promise<void> => {
  progress('Waiting until the pods have ended …');
  const args = [
    '-n',
    namespace,
    'wait',
    'pod',
    '--for=delete',
    '--selector=app.kubernetes.io/part-of=delivery-reviews',
    '--timeout=600s',
  ];
  const done = await kubectl(args, { seconds: 620 });
  if (done.code !== 0) throw new UserError(`pods still run: ${done.stderr.trim()}`);
};

/** What a deletion of the namespace would take along that this overlay has not made. */
const foundInNamespace = async (
  namespace: string,
  objects: readonly KubernetesObject[],
  claims: readonly string[],
): Promise<string[]> => {
  const { items } = await getJson<List<KubernetesObject>>([
    '-n',
    namespace,
    'statefulsets.apps,deployments.apps,daemonsets.apps,jobs.batch,cronjobs.batch,persistentvolumeclaims',
  ]);
  const names = strangers(items, objects, claims);
  return names.length === 0
    ? []
    : [`namespace ${namespace}, which would be deleted, also holds ${names.join(', ')}: move or remove that first`];
};

command(async () => {
  const { objects } = await renderOverlay(process.argv[2]);
  const target = targetOf(objects);
  const keeps = claimFate(target) === 'Retain';
  const { namespace } = target;
  progress(`Context ${await currentContext()}, namespace ${namespace}`);

  const scopeOf = await scopesOf(objects);
  const plan = removalPlan(objects, namespace, scopeOf, await lookAround(objects, namespace, scopeOf));
  const deletesNamespace = !keeps && plan.remove.some(isNamespace);
  const claims = await claimNames(target);
  const refusals = [...plan.refusals, ...(deletesNamespace ? await foundInNamespace(namespace, objects, claims) : [])];
  if (refusals.length > 0) throw new UserError(`nothing was removed:\n  ${refusals.join('\n  ')}`);

  const named = claims.length > 0 ? claims.join(', ') : 'there are none now';
  for (const line of plan.left) progress(`Stays   ${line}`);
  progress(
    keeps
      ? `The data stays: the claims (${named}), the Secrets with the certificate authority and the passwords, and ` +
          'the namespace. A later deploy goes on with them. ' +
          `Whoever wants them gone for ever: kubectl delete namespace ${namespace}`
      : `The data is deleted for ever: the claims (${named})` +
          (deletesNamespace
            ? `, the Secrets, and the whole namespace ${namespace}`
            : '. The Secrets and the namespace stay'),
  );
  await confirm(`Remove ${target.statefulSet.metadata.name} and what belongs to it${keeps ? '' : ', with all data'}?`);

  await remove(plan.remove.filter(isWorkload));
  await podsGone(namespace);
  await remove(plan.remove.filter((object) => !isWorkload(object) && !isNamespace(object)));
  if (deletesNamespace) await remove(plan.remove.filter(isNamespace));
  progress(keeps ? 'Removed; the data is kept' : 'Removed, with the data');
});
