// Looks at all that an upgrade needs, one question after the other; changes nothing.
import type { IDeployment } from 'kubernetes-models/apps/v1';
import type { Elasticsearch } from '../../cluster/elasticsearch.ts';
import { getJson, type List, reasonOf } from '../../cluster/kubectl.ts';
import type { Target } from '../../cluster/target.ts';
import type { Version } from '../../image-version.ts';
import { acceptedIn } from '../../known-faults.ts';
import type { Standing } from '../standing.ts';
import {
  disksPath,
  healthPath,
  healthSaid,
  nodesPath,
  oneVersionSaid,
  roomSaid,
  shardsPath,
  versionsIn,
} from './cluster-health.ts';
import { deprecationsPath, deprecationsSaid } from './deprecations.ts';
import { exclusionsPath, exclusionsSaid, rolledOutSaid, settingsPath, settingsSaid } from './leftovers.ts';
import { fromAnswer, heldBy, type Line, type Said, unknown } from './line.ts';
import { faultSaid, kibanaSaid, pathSaid } from './path.ts';
import { newestPath, repositoriesIn, repositoriesPath, snapshotSaid } from './snapshots.ts';

const tagOf = (image: string | undefined): string | undefined => /:([^:/@]+)(?:@.*)?$/.exec(image ?? '')?.[1];

/** The versions of Kibana in the namespace, by its label. */
const kibanas = async (namespace: string): Promise<(string | undefined)[]> => {
  const { items } = await getJson<List<IDeployment>>([
    '-n',
    namespace,
    'deployments',
    '-l',
    'app.kubernetes.io/name=kibana',
  ]);
  return items.map(({ spec }) => tagOf(spec?.template.spec?.containers.find(({ name }) => name === 'kibana')?.image));
};

const said = (what: string, { is, why }: Said): Line => ({ what, is, why });

export const lookBeforeUpgrade = async (
  target: Target,
  standing: Standing,
  elasticsearch: Elasticsearch,
  to: Version,
  now: number,
): Promise<Line[]> => {
  const get = (path: string) => elasticsearch.ask('GET', path);
  const nodes = await get(nodesPath);
  const [health, settings, exclusions] = [await get(healthPath), await get(settingsPath), await get(exclusionsPath)];
  const [disks, shards] = [await get(disksPath), await get(shardsPath)];
  const [deprecations, repositories] = [await get(deprecationsPath), await get(repositoriesPath)];
  const newest = new Map<string, Awaited<ReturnType<typeof get>>>();
  for (const name of heldBy(repositories, repositoriesIn) ?? []) newest.set(name, await get(newestPath(name)));
  const withVersions = (read: (running: readonly string[]) => Said): Said =>
    fromAnswer(nodes, (value) => read(versionsIn(value)));
  const kibana = await kibanas(target.namespace).catch((error: unknown) => ({ why: reasonOf(error) }));
  // Where nobody says what runs, it may be another major version.
  const isMajor = (heldBy(nodes, versionsIn) ?? ['']).some((one) => !one.startsWith(`${to[0]}.`));
  return [
    said(
      'the path is open',
      withVersions((running) => pathSaid(running, to)),
    ),
    said('no known fault', faultSaid(to, acceptedIn(target.statefulSet.metadata.annotations))),
    said('all nodes run one version', fromAnswer(nodes, oneVersionSaid)),
    said(
      'the cluster is green',
      fromAnswer(health, (value) => healthSaid(value, target.replicas)),
    ),
    said('no earlier roll-out is under way', rolledOutSaid(standing.statefulSet)),
    said('no setting is left over', fromAnswer(settings, settingsSaid)),
    said('no vote is given up', fromAnswer(exclusions, exclusionsSaid)),
    said(
      'there is room while a node is away',
      fromAnswer(disks, (free) =>
        fromAnswer(shards, (copies) => fromAnswer(settings, (set) => roomSaid(free, copies, set))),
      ),
    ),
    said('nothing is deprecated', deprecationsSaid(deprecations, isMajor)),
    said('there is a whole snapshot of the last day', snapshotSaid(repositories, newest, now)),
    said(
      'Kibana can follow',
      'why' in kibana ? unknown(kibana.why) : withVersions((running) => kibanaSaid(kibana, running, to)),
    ),
  ];
};
