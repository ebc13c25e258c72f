// Removes an overlay from the cluster: tsx scripts/undeploy.ts OVERLAY [--yes | --yes=NAMESPACE] What happens to the
// data is read from the cluster; where that is not what the overlay says, nothing is removed. Where the data is kept,
// the namespace stays too: deleting it would delete the claims. What another environment uses, or may use, is found
// before anything is removed, and then nothing is.
import { removalPlan } from './lib/check/belonging.ts';
import { lookAround } from './lib/check/look-around.ts';
import { deletesData, lookAtData } from './lib/check/look-at-data.ts';
import { scopesOf } from './lib/check/scope.ts';
import { command, progress, UserError } from './lib/cli.ts';
import { confirm } from './lib/cluster/confirm.ts';
import { tellingWhatHolds, whatHolds } from './lib/cluster/holds.ts';
import { currentContext, kubectl } from './lib/cluster/kubectl.ts';
import { selectorOf, targetOf } from './lib/cluster/target.ts';
import { type KubernetesObject, label } from './lib/objects.ts';
import { renderOverlay } from './lib/render/prepare.ts';

const isNamespace = ({ kind }: KubernetesObject): boolean => kind === 'Namespace';
const isWorkload = ({ kind }: KubernetesObject): boolean =>
  ['StatefulSet', 'Deployment', 'Job', 'CronJob'].includes(kind);
/** Rendered as such, beside those that a StatefulSet makes. */
const holdsData = ({ kind }: KubernetesObject): boolean => ['PersistentVolumeClaim', 'PersistentVolume'].includes(kind);

const remove = async (objects: readonly KubernetesObject[]): Promise<void> => {
  const input = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects });
  const done = await tellingWhatHolds(
    objects,
    kubectl(['delete', '--ignore-not-found', '--wait', '-f', '-'], { input, show: true, seconds: 600 }),
  );
  if (done.code === 0) return;
  const held = await whatHolds(objects);
  throw new UserError(['not everything could be removed', ...held].join('\n  '));
};

/** Pods that end still ask the API server whether they are wanted, so their rights go last. */
const podsGone = async (namespace: string, workloads: readonly KubernetesObject[]): Promise<void> => {
  progress('Waiting until the pods have ended …');
  // By what each workload itself finds them; a Job has no selector of its own until the API server gives it one.
  const selectors = workloads.map((workload) => selectorOf(workload) ?? { 'job-name': workload.metadata.name });
  for (const labels of selectors) {
    const selector = Object.entries(labels).map((pair) => pair.join('='));
    const args = ['wait', 'pod', '--for=delete', `--selector=${selector.join()}`, '--timeout=600s'];
    const done = await kubectl(['-n', namespace, ...args], { seconds: 620 });
    if (done.code !== 0) throw new UserError(`pods still run: ${done.stderr.trim()}`);
  }
};

/** Kubernetes deletes claims behind their owners' back: only what is gone may be called removed. */
const claimsGone = async (namespace: string, claims: readonly string[]): Promise<void> => {
  if (claims.length === 0) return;
  progress('Waiting until the claims are deleted …');
  const names = claims.map((name) => `persistentvolumeclaim/${name}`);
  const done = await kubectl(['-n', namespace, 'wait', '--for=delete', '--timeout=120s', ...names], { seconds: 130 });
  if (done.code !== 0) throw new UserError(`claims are still there: ${done.stderr.trim()}`);
};

const nothingIf = (refusals: readonly string[]): void => {
  if (refusals.length > 0) throw new UserError(`nothing was removed:\n  ${refusals.join('\n  ')}`);
};

command(async () => {
  const context = await currentContext();
  progress(`Context ${context}`);
  const { objects } = await renderOverlay(process.argv[2]);
  const target = targetOf(objects);
  const { namespace } = target;
  const deletes = deletesData(target);
  progress(`Namespace ${namespace}`);

  const scopeOf = await scopesOf(objects);
  const plan = removalPlan(objects, namespace, scopeOf, await lookAround(objects, namespace, scopeOf));
  const removed = plan.remove.filter((object) => deletes || !(isNamespace(object) || holdsData(object)));
  const kept = plan.remove.filter((object) => !deletes && holdsData(object));
  const deletesNamespace = removed.some(isNamespace);
  const data = await lookAtData(target, objects, deletesNamespace);
  nothingIf([...plan.refusals, ...data.refusals]);

  for (const line of [...plan.left, ...kept.map(label), ...data.left]) progress(`Stays   ${line}`);
  progress(data.promise);
  const what = `${target.statefulSet.metadata.name} and what belongs to it${deletes ? ', with all data' : ''}`;
  await confirm(`Remove ${what}, from namespace ${namespace} of context ${context}?`, {
    namespace,
    deletesData: deletes,
  });
  // A person may have thought about it for long.
  const now = await lookAtData(target, objects, deletesNamespace);
  nothingIf(now.refusals);
  if (now.promise !== data.promise || now.left.join() !== data.left.join())
    throw new UserError('nothing was removed: claims or volumes have changed meanwhile, so what was said is not true');

  const workloads = removed.filter(isWorkload);
  await remove(workloads);
  await podsGone(namespace, workloads);
  await remove(removed.filter((object) => !isWorkload(object) && !isNamespace(object)));
  if (deletesNamespace) await remove(removed.filter(isNamespace));
  await claimsGone(namespace, data.goes);
  if (!deletes) progress('Removed; the data is kept');
  else progress(data.left.length === 0 ? 'Removed, with the data' : 'Removed; the data stays on the volumes above');
});
