// Gives a node an empty disk, and its data from the others: tsx scripts/replace-node.ts OVERLAY NODE
// What is on it moves away first, as far as there is a place; then its claim and its pod go, and come back empty. What
// it does is noted in the cluster, so that a run that was interrupted goes on where it stopped.
import type { IPersistentVolumeClaim } from 'kubernetes-models/v1';
import { ordinalsOf } from './lib/check/claims.ts';
import { type Standing, standingOf } from './lib/check/standing.ts';
import { command, progress, UserError } from './lib/cli.ts';
import { confirm } from './lib/cluster/confirm.ts';
import { type Elasticsearch, elasticsearchIn } from './lib/cluster/elasticsearch.ts';
import { currentContext, kubectl } from './lib/cluster/kubectl.ts';
import { isReady } from './lib/cluster/snapshot.ts';
import { isNode, type Target, targetOf } from './lib/cluster/target.ts';
import { waitForGreen } from './lib/cluster/wait.ts';
import { waitSeconds } from './lib/cluster/wait-seconds.ts';
import type { KubernetesObject } from './lib/objects.ts';
import { type Cluster, type Copy, QUESTIONS, readCluster } from './lib/questions/answers.ts';
import { askElasticsearch } from './lib/questions/ask.ts';
import { gather } from './lib/questions/gather.ts';
import { from, type Known } from './lib/questions/known.ts';
import { begins, couldMove, ends, isLeaving, onlyOn, replacingIn, withoutOurs } from './lib/questions/replacement.ts';
import { leftoverVerdicts, nodeVerdicts, wholeVerdicts } from './lib/questions/shared.ts';
import { isYes, lineOf } from './lib/questions/verdict.ts';
import { renderOverlay } from './lib/render/prepare.ts';

const pauseSeconds = 2;
/** Copies that have a place by their number, and do not move for so long, have none by another rule. */
const stillSeconds = 30;
const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, pauseSeconds * 1000));

/** What must be known to go on. */
const must = <Value>(one: Known<Value>): Value => {
  if (one.known) return one.value;
  throw new UserError(one.why);
};

const write = async (es: Elasticsearch, settings: object): Promise<void> => {
  const answer = await es.ask('PUT', '/_cluster/settings?master_timeout=10s&timeout=10s', settings);
  if (!answer.ok) throw new UserError(`the settings could not be written: ${answer.why}`);
};

/** Nothing where an earlier run has deleted it, and the StatefulSet has not made the next one yet. */
const claimOf = ({ claims }: Standing, node: string, set: string): IPersistentVolumeClaim | undefined => {
  const found = claims.filter(({ ordinal }) => `${set}-${ordinal}` === node);
  if (found.length > 1) throw new UserError(`${node} has ${found.length} claims, and this command replaces one`);
  return found[0]?.claim;
};

type Ask = () => Promise<Cluster>;

/** Nothing has begun: everything must be well. */
const refusals = async (target: Target, objects: readonly KubernetesObject[], standing: Standing, node: string) => {
  const { statefulSet } = standing;
  if (statefulSet === undefined) return ['the cluster has no StatefulSet of this overlay'];
  const facts = await gather(objects, target, { ...standing, statefulSet });
  const only = onlyOn(must(facts.cluster.state).copies, node);
  return [
    ...[...wholeVerdicts(facts), ...nodeVerdicts(facts), ...leftoverVerdicts(facts)]
      .filter((verdict) => !isYes(verdict))
      .map(lineOf),
    ...(only.length === 0 ? [] : [`${node} has the only copy of ${only.slice(0, 10).join(', ')}`]),
  ];
};

const untilEmpty = async (ask: Ask, target: Target, node: string, seconds: number): Promise<void> => {
  const copies = async (): Promise<readonly Copy[]> => must((await ask()).state).copies;
  const end = Date.now() + seconds * 1000;
  let last = '';
  let since = Date.now();
  for (;;) {
    const now = await copies();
    const rest = couldMove(now, node, target.replicas);
    if (rest.length === 0) break;
    const line = rest.join(' ');
    if (line !== last) {
      progress(`${rest.length} shards of ${node} still have a place elsewhere`);
      last = line;
      since = Date.now();
    }
    if (isLeaving(now, node)) since = Date.now();
    if (Date.now() - since > stillSeconds * 1000) {
      progress(`Nothing has moved for ${stillSeconds} s: they have no place by another rule, and have other copies`);
      break;
    }
    if (Date.now() > end) throw new UserError(`not empty after ${seconds} s. Run this again to go on`);
    await pause();
  }
  const only = onlyOn(await copies(), node);
  if (only.length > 0) throw new UserError(`${node} has the only copy of ${only.slice(0, 10).join(', ')}: it stays`);
};

const removed = async (namespace: string, kind: string, name: string): Promise<void> => {
  const done = await kubectl(['-n', namespace, 'delete', kind, name, '--wait=false', '--ignore-not-found']);
  if (done.code !== 0) throw new UserError(`${kind} ${name} could not be deleted:\n${done.stderr.trim()}`);
};

const untilNewClaim = async (target: Target, node: string, old: string, seconds: number): Promise<void> => {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const uid = claimOf(await standingOf(target), node, target.statefulSet.metadata.name)?.metadata?.uid;
    if (uid !== undefined && uid !== old) return;
    if (Date.now() > end)
      throw new UserError(
        `there is no new claim after ${seconds} s: \`make status\` says whether the pod has stopped. ` +
          'Run this again to go on',
      );
    await pause();
  }
};

command(async () => {
  const [, , overlay, node = ''] = process.argv;
  const seconds = waitSeconds();
  progress(`Context ${await currentContext()}`);
  const { objects } = await renderOverlay(overlay);
  const target = targetOf(objects);
  const { namespace, statefulSet } = target;
  const set = statefulSet.metadata.name;
  const standing = await standingOf(target);
  const names = ordinalsOf(standing.statefulSet ?? statefulSet).map((ordinal) => `${set}-${ordinal}`);
  if (!names.includes(node)) throw new UserError(`NODE must be one of ${names.join(', ')}, but is "${node}"`);
  if (names.length < 2) throw new UserError('a single node has nobody to get its data from');

  // Never the node itself, whose answers end with its pod.
  const others = standing.pods.filter((pod) => isNode(target)(pod) && pod.metadata?.name !== node);
  const ask: Ask = async () => readCluster(await askElasticsearch(namespace, others, QUESTIONS));
  const writer = elasticsearchIn(namespace, others.find(isReady)?.metadata?.name);
  const cluster = await ask();
  const under = replacingIn(must(cluster.settings));
  if (under !== undefined && under.node !== node)
    throw new UserError(
      `nothing was changed: ${under.node} is being replaced. Finish that first, with NODE=${under.node}`,
    );
  const claim = claimOf(standing, node, set);
  if (under === undefined) {
    if (claim === undefined) throw new UserError(`${node} has no claim, so there is no disk to replace`);
    const against = await refusals(target, objects, standing, node);
    if (against.length > 0) throw new UserError(`nothing was changed:\n- ${against.join('\n- ')}`);
    await confirm(`The disk of ${node} goes, and its data comes from the others.`, { namespace, deletesData: false });
    await write(writer, begins({ node, claim: claim.metadata?.uid ?? '' }));
    progress(`Keeps shards away from ${node}`);
  } else {
    progress(`${node} is being replaced already: going on`);
    const rest = leftoverVerdicts({ cluster: { ...cluster, settings: await from(cluster.settings, withoutOurs) } });
    for (const verdict of rest.filter((one) => !isYes(one)))
      progress(`Beside what this command writes: ${lineOf(verdict)}`);
  }
  const old = under?.claim ?? claim?.metadata?.uid ?? '';
  if (claim?.metadata?.uid === old) {
    await untilEmpty(ask, target, node, seconds);
    // That took its time: somebody else may have replaced it meanwhile, and a new disk must not go.
    const now = claimOf(await standingOf(target), node, set);
    if (now !== undefined && now.metadata?.uid === old) {
      // The claim goes when its pod has, and the StatefulSet makes both anew.
      await removed(namespace, 'persistentvolumeclaim', now.metadata.name ?? '');
      await removed(namespace, 'pod', node);
      progress(`Claim and pod of ${node} are deleted, once the cluster can do without it`);
    }
  }
  await untilNewClaim(target, node, old, seconds);
  await write(writer, ends);
  progress(`${node} has a new claim, and takes shards again`);
  await waitForGreen(target, { seconds, say: progress });
});
