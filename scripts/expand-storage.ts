// Makes the disks of the nodes as large as the overlay says, without touching a pod: tsx scripts/expand-storage.ts
// OVERLAY. Each step looks at what is there, so that a run that was interrupted goes on where it stopped.
import type { IStorageClass } from 'kubernetes-models/storage.k8s.io/v1';
import type { IPod } from 'kubernetes-models/v1';
import { ordinalsOf, podOrdinal } from './lib/check/claims.ts';
import { type Expansion, expansionOf, stillSmall, waitsFor } from './lib/check/expansion.ts';
import { type Standing, standingOf } from './lib/check/standing.ts';
import { command, progress, UserError } from './lib/cli.ts';
import { apply } from './lib/cluster/apply.ts';
import { confirm } from './lib/cluster/confirm.ts';
import { currentContext, getJson, kubectl, type List } from './lib/cluster/kubectl.ts';
import { changesOfPods } from './lib/cluster/same-pods.ts';
import { type Target, targetOf } from './lib/cluster/target.ts';
import { waitSeconds } from './lib/cluster/wait-seconds.ts';
import { documentsOf, isElasticsearch, isStatefulSet, parseManifests } from './lib/objects.ts';
import { renderOverlay } from './lib/render/prepare.ts';

const pauseSeconds = 2;

/** `then`: where it stands when that fails. */
const must = async (args: readonly string[], then: string, seconds = 60): Promise<void> => {
  const done = await kubectl(args, { seconds });
  if (done.code !== 0) throw new UserError(`kubectl ${args.join(' ')} failed:\n${done.stderr.trim()}\n${then}`);
};

/** All pods of nodes, and the claims of those that are wanted: what is left of others is nobody's disk now. */
const ofNodes = ({ statefulSet }: Target, standing: Standing): Standing => {
  const wanted = ordinalsOf(standing.statefulSet ?? statefulSet);
  return {
    ...standing,
    claims: standing.claims.filter(({ ordinal }) => wanted.includes(ordinal)),
    pods: standing.pods.filter((pod) => podOrdinal(pod, statefulSet.metadata.name) !== undefined),
  };
};

const look = async (target: Target): Promise<Standing> => ofNodes(target, await standingOf(target));

const documentOf = (text: string): string => {
  const found = documentsOf(text).find((document) =>
    parseManifests(document).some((object) => isStatefulSet(object) && isElasticsearch(object)),
  );
  if (found === undefined) throw new UserError('the overlay has no StatefulSet of Elasticsearch');
  return found;
};

/** A pod and its containers: another uid, or one more restart, is another one. */
const marksOf = (pods: readonly IPod[]): ReadonlyMap<string, string> =>
  new Map(
    pods.map(({ metadata, status }) => {
      const all = [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])];
      const restarts = all.reduce((sum, { restartCount }) => sum + restartCount, 0);
      return [metadata?.name ?? '', `${metadata?.uid ?? ''} ${restarts}`];
    }),
  );

const growClaims = async ({ namespace }: Target, { grow }: Expansion): Promise<void> => {
  for (const [done, { claim, from, to }] of grow.entries()) {
    const patch = JSON.stringify({ spec: { resources: { requests: { storage: to } } } });
    await must(
      ['-n', namespace, 'patch', 'persistentvolumeclaim', claim, '--type=merge', '-p', patch],
      `${done} of ${grow.length} claims ask for more by now. Run this again to go on`,
    );
    progress(`Claim ${claim} asks for ${to}, and had ${from}`);
  }
};

const waitForSizes = async (target: Target, { sizes }: Expansion, seconds: number): Promise<void> => {
  const end = Date.now() + seconds * 1000;
  let told = '';
  for (;;) {
    const small = stillSmall((await look(target)).claims, sizes);
    if (small.length === 0) return progress(`${sizes.size} claims have their size`);
    const line = small.map(waitsFor).join('; ');
    if (line !== told) progress(`Waiting for larger volumes: ${line}`);
    told = line;
    if (Date.now() > end)
      throw new UserError(
        `not all volumes have grown after ${seconds} s: ${line}. Where it says FileSystemResizePending for long, the ` +
          'file system only grows when its pod starts: delete these pods one after the other. Run this again to go on',
      );
    await new Promise((resolve) => setTimeout(resolve, pauseSeconds * 1000));
  }
};

/** Before anything is changed, and by the API server's own word. */
const keepsPods = async (target: Target, document: string, { statefulSet: live, pods }: Standing): Promise<void> => {
  const changes = await changesOfPods(document, target.namespace, live, pods);
  // A new StatefulSet would make pods that are missing, and end those that it has no ordinal for.
  if (live === undefined && pods.length !== target.replicas)
    changes.push(`replicas: there are ${pods.length} pods, and the overlay wants ${target.replicas}`);
  if (changes.length > 0)
    throw new UserError(
      `nothing was changed: the overlay changes more than the storage (${changes.slice(0, 5).join(', ')}), so pods ` +
        'would restart, come or go. Deploy that first, with the old size, and then run this again',
    );
};

const replaceSet = async (target: Target, document: string, standing: Standing): Promise<void> => {
  const { namespace, statefulSet } = target;
  const name = statefulSet.metadata.name;
  if (standing.statefulSet !== undefined) {
    await must(['-n', namespace, 'delete', 'statefulset', name, '--cascade=orphan'], 'Run this again to go on', 120);
    progress(`StatefulSet ${name} was deleted without its pods, to be made anew`);
  }
  try {
    await apply(document, false);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new UserError(
      `${error.message}\nThere is no StatefulSet ${name} now: pods run on, but one that ends is not made anew. ` +
        'Run this again to go on',
    );
  }
};

/** The new StatefulSet has taken the pods over as they are. */
const verify = async (target: Target, before: ReadonlyMap<string, string>, seconds: number): Promise<void> => {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const { statefulSet: live, pods } = await look(target);
    const now = marksOf(pods);
    const others = [...before].filter(([name, mark]) => now.get(name) !== mark).map(([name]) => name);
    if (others.length > 0) throw new UserError(`restarted, or replaced: ${others.join(', ')}. That must not be`);
    const { generation, uid } = live?.metadata ?? {};
    const { observedGeneration = 0, currentRevision, updateRevision } = live?.status ?? {};
    const adopted = pods.every(({ metadata }) => (metadata?.ownerReferences ?? []).some((owner) => owner.uid === uid));
    const sameRevision = pods.every(
      ({ metadata }) => metadata?.labels?.['controller-revision-hash'] === updateRevision,
    );
    const settled = observedGeneration >= (generation ?? 1) && adopted && currentRevision === updateRevision;
    if (settled && sameRevision) return progress(`${pods.length} pods run on, none was restarted`);
    if (Date.now() > end)
      throw new UserError(`the StatefulSet has not taken its pods over after ${seconds} s: see kubectl describe`);
    await new Promise((resolve) => setTimeout(resolve, pauseSeconds * 1000));
  }
};

command(async () => {
  const seconds = waitSeconds();
  progress(`Context ${await currentContext()}`);
  const { text, objects } = await renderOverlay(process.argv[2]);
  const target = targetOf(objects);
  progress(`Namespace ${target.namespace}`);
  const { items: classes } = await getJson<List<IStorageClass>>(['storageclasses']);
  const standing = await look(target);
  const plan = expansionOf(target.statefulSet, standing.statefulSet, standing.claims, classes);
  if (plan.refusals.length > 0) throw new UserError(`nothing was changed:\n- ${plan.refusals.join('\n- ')}`);
  const document = documentOf(text);
  const before = marksOf(standing.pods);
  if (plan.replaces) await keepsPods(target, document, standing);
  if (plan.grow.length > 0)
    await confirm(`${plan.grow.length} claims become larger, and no claim becomes smaller again.`, {
      namespace: target.namespace,
      deletesData: false,
      otherwise: 'nothing was changed',
    });
  await growClaims(target, plan);
  await waitForSizes(target, plan, seconds);
  if (plan.replaces) await replaceSet(target, document, standing);
  await verify(target, before, seconds);
});
