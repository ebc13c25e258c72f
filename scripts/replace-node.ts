// Gives a node an empty disk, and its data from the others: tsx scripts/replace-node.ts OVERLAY NODE
// What is on it moves away first, as far as there is a place; then its claim and its pod go, and come back empty. What
// it does is noted in the cluster, so that a run that was interrupted goes on where it stopped.
import type { IPersistentVolumeClaim } from 'kubernetes-models/v1';
import { ordinalsOf } from './lib/check/claims.ts';
import {
  begins,
  copiesIn,
  copiesPath,
  couldMove,
  ends,
  onlyOn,
  type Replacing,
  replacingIn,
  withoutOurs,
} from './lib/check/replacement.ts';
import { type Standing, standingOf } from './lib/check/standing.ts';
import { healthPath, healthSaid } from './lib/check/upgrade/cluster-health.ts';
import {
  exclusionsPath,
  exclusionsSaid,
  rolledOutSaid,
  settingsPath,
  settingsSaid,
} from './lib/check/upgrade/leftovers.ts';
import { fromAnswer, heldBy, type Said } from './lib/check/upgrade/line.ts';
import { command, progress, UserError } from './lib/cli.ts';
import { confirm } from './lib/cluster/confirm.ts';
import { type Elasticsearch, elasticsearchIn } from './lib/cluster/elasticsearch.ts';
import { currentContext, getJson, kubectl, type List } from './lib/cluster/kubectl.ts';
import { isReady } from './lib/cluster/snapshot.ts';
import { isNode, type Target, targetOf } from './lib/cluster/target.ts';
import { waitForGreen } from './lib/cluster/wait.ts';
import { waitSeconds } from './lib/cluster/wait-seconds.ts';
import { renderOverlay } from './lib/render/prepare.ts';

const pauseSeconds = 2;
/** Copies that have a place by their number, and do not move for so long, have none by another rule. */
const stillSeconds = 30;
const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, pauseSeconds * 1000));

/** An answer that must be understood. */
const known = async <Value>(es: Elasticsearch, path: string, read: (value: unknown) => Value): Promise<Value> => {
  const answer = await es.ask('GET', path);
  const value = heldBy(answer, (raw) => ({ is: read(raw) }));
  if (value !== undefined) return value.is;
  throw new UserError(answer.ok ? `the answer to GET ${path} is not understood` : answer.why);
};

const write = async (es: Elasticsearch, settings: object): Promise<void> => {
  const answer = await es.ask('PUT', '/_cluster/settings?master_timeout=10s&timeout=10s', settings);
  if (!answer.ok) throw new UserError(`the settings could not be written: ${answer.why}`);
};

const claimOf = ({ claims }: Standing, node: string, set: string): IPersistentVolumeClaim => {
  const found = claims.filter(({ ordinal }) => `${set}-${ordinal}` === node);
  const [one] = found;
  if (one === undefined || found.length > 1)
    throw new UserError(`${node} has ${found.length} claims, and this command replaces one`);
  return one.claim;
};

/** Nothing has begun: everything must be well. */
const refusals = async (es: Elasticsearch, target: Target, standing: Standing, node: string): Promise<string[]> => {
  const asked = async (what: string, path: string, read: (value: unknown) => Said): Promise<string[]> => {
    const { is, why } = fromAnswer(await es.ask('GET', path), read);
    return is === 'yes' ? [] : [`${what}: ${why}`];
  };
  const rolled = rolledOutSaid(standing.statefulSet);
  const only = onlyOn(await known(es, copiesPath, copiesIn), node);
  return [
    ...(rolled.is === 'yes' ? [] : [`the StatefulSet: ${rolled.why}`]),
    ...(await asked('the cluster', healthPath, (value) => healthSaid(value, target.replicas))),
    ...(await asked('settings are left over', settingsPath, settingsSaid)),
    ...(await asked('votes', exclusionsPath, exclusionsSaid)),
    ...(only.length === 0 ? [] : [`${node} has the only copy of ${only.slice(0, 10).join(', ')}`]),
  ];
};

const untilEmpty = async (es: Elasticsearch, target: Target, node: string, seconds: number): Promise<void> => {
  const end = Date.now() + seconds * 1000;
  let last = '';
  let since = Date.now();
  for (;;) {
    const copies = await known(es, copiesPath, copiesIn);
    const rest = couldMove(copies, node, target.replicas);
    if (rest.length === 0) break;
    const line = rest.join(' ');
    if (line !== last) {
      progress(`${rest.length} shards of ${node} still have a place elsewhere`);
      last = line;
      since = Date.now();
    }
    if (Date.now() - since > stillSeconds * 1000) {
      progress(`Nothing has moved for ${stillSeconds} s: they have no place by another rule, and have other copies`);
      break;
    }
    if (Date.now() > end) throw new UserError(`not empty after ${seconds} s. Run this again to go on`);
    await pause();
  }
  const only = onlyOn(await known(es, copiesPath, copiesIn), node);
  if (only.length > 0) throw new UserError(`${node} has the only copy of ${only.slice(0, 10).join(', ')}: it stays`);
};

const removed = async (namespace: string, kind: string, name: string): Promise<void> => {
  const done = await kubectl(['-n', namespace, 'delete', kind, name, '--wait=false', '--ignore-not-found']);
  if (done.code !== 0) throw new UserError(`${kind} ${name} could not be deleted:\n${done.stderr.trim()}`);
};

const untilNewClaim = async (namespace: string, name: string, old: string, seconds: number): Promise<void> => {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const { items } = await getJson<List<IPersistentVolumeClaim>>(['-n', namespace, 'persistentvolumeclaims']);
    const uid = items.find(({ metadata }) => metadata?.name === name)?.metadata?.uid;
    if (uid !== undefined && uid !== old) return;
    if (Date.now() > end)
      throw new UserError(
        `the pod has not stopped after ${seconds} s: \`make status\` says why. Run this again to go on`,
      );
    await pause();
  }
};

const begin = async (es: Elasticsearch, target: Target, standing: Standing, one: Replacing): Promise<void> => {
  const against = await refusals(es, target, standing, one.node);
  if (against.length > 0) throw new UserError(`nothing was changed:\n- ${against.join('\n- ')}`);
  await confirm(`The disk of ${one.node} goes, and its data comes from the others.`, {
    namespace: target.namespace,
    deletesData: false,
  });
  await write(es, begins(one));
  progress(`Keeps shards away from ${one.node}`);
};

command(async () => {
  const [, , overlay, node = ''] = process.argv;
  const seconds = waitSeconds();
  progress(`Context ${await currentContext()}`);
  const target = targetOf((await renderOverlay(overlay)).objects);
  const { namespace, statefulSet } = target;
  const set = statefulSet.metadata.name;
  const standing = await standingOf(target);
  const names = ordinalsOf(standing.statefulSet ?? statefulSet).map((ordinal) => `${set}-${ordinal}`);
  if (!names.includes(node)) throw new UserError(`NODE must be one of ${names.join(', ')}, but is "${node}"`);
  if (names.length < 2) throw new UserError('a single node has nobody to get its data from');

  // Never the node itself, whose answers end with its pod.
  const other = standing.pods.find((pod) => isNode(target)(pod) && isReady(pod) && pod.metadata?.name !== node);
  const es = elasticsearchIn(namespace, other?.metadata?.name);
  const under = await known(es, settingsPath, replacingIn);
  if (under !== undefined && under.node !== node)
    throw new UserError(
      `nothing was changed: ${under.node} is being replaced. Finish that first, with NODE=${under.node}`,
    );
  const claim = claimOf(standing, node, set);
  const one = under ?? { node, claim: claim.metadata?.uid ?? '' };
  if (under === undefined) await begin(es, target, standing, one);
  else progress(`${node} is being replaced already: going on`);
  const rest = fromAnswer(await es.ask('GET', settingsPath), (value) => settingsSaid(withoutOurs(value)));
  if (rest.is !== 'yes') progress(`Beside what this command writes: ${rest.why}`);

  if (claim.metadata?.uid === one.claim) {
    await untilEmpty(es, target, node, seconds);
    // The claim goes when its pod has, and the StatefulSet makes both anew.
    await removed(namespace, 'persistentvolumeclaim', claim.metadata?.name ?? '');
    await removed(namespace, 'pod', node);
    progress(`Claim and pod of ${node} are deleted, once the cluster can do without it`);
    await untilNewClaim(namespace, claim.metadata?.name ?? '', one.claim, seconds);
  }
  await write(es, ends);
  progress(`${node} has a new claim, and takes shards again`);
  await waitForGreen(target, { seconds, say: progress });
});
