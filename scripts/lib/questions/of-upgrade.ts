// The questions of `make upgrade-check`: those of `make doctor` that an upgrade needs, and its own. They are asked with
// the agents' login, too, which reads no documents and no Secret; what it may not ask has its reason here.
//
// - Deprecations: cluster:admin/xpack/deprecation/info is among the privilege `manage`, so no user of ours may. Giving
//   it to the agents would put it into every pod for a question of once in years; only then the superuser asks.
// - Snapshots of somebody else's making (SLM): cluster:admin/snapshot/get has only the login of components/snapshots,
//   whose program tells what this needs. Where an overlay has no such program, nobody is asked.

import type { IDeployment } from 'kubernetes-models/apps/v1';
import type { Elasticsearch } from '../cluster/elasticsearch.ts';
import { getJson, type List } from '../cluster/kubectl.ts';
import { tagOf, type Version } from '../image-version.ts';
import { acceptedIn } from '../known-faults.ts';
import { DEPRECATIONS, deprecationsPath, deprecationsVerdict } from './deprecations.ts';
import type { Facts } from './facts.ts';
import { both, from, judge, type Known, known, look } from './known.ts';
import { rolledVerdict } from './pods.ts';
import { leftoverVerdicts, nodeVerdicts, roomVerdicts, snapshotVerdicts, wholeVerdicts } from './shared.ts';
import { SNAPSHOT } from './snapshots.ts';
import { faultVerdict, KIBANA, kibanaVerdict, PATH, pathVerdict } from './upgrade-path.ts';
import { notKnown, type Verdict, yes } from './verdict.ts';

type Kibanas = Known<readonly (string | undefined)[]>;

/** The versions of Kibana in the namespace, by its label. */
const kibanasIn = (namespace: string): Promise<Kibanas> =>
  look(async () => {
    const label = ['-l', 'app.kubernetes.io/name=kibana'];
    const { items } = await getJson<List<IDeployment>>(['-n', namespace, 'deployments', ...label]);
    return items.map(({ spec }) =>
      tagOf(spec?.template.spec?.containers.find(({ name }) => name === 'kibana')?.image ?? ''),
    );
  });

/** Critical ones are about another major version; also where nobody says what runs. */
const deprecations = async (
  elasticsearch: Elasticsearch,
  running: Known<readonly string[]>,
  to: Version,
): Promise<Verdict> => {
  if (running.known && running.value.every((version) => version.startsWith(`${to[0]}.`)))
    return yes(DEPRECATIONS, `not asked: within ${to[0]}.x nothing that is deprecated is taken away`);
  const answer = await elasticsearch.ask('GET', deprecationsPath);
  return judge(DEPRECATIONS, known(answer), deprecationsVerdict);
};

/** `elasticsearch`: asked as the superuser, and only where it must be. */
export const upgradeVerdicts = async (facts: Facts, elasticsearch: Elasticsearch, to: Version): Promise<Verdict[]> => {
  const { rendered, statefulSet, cluster } = facts;
  const running = await from(cluster.state, ({ members }) => members.map(({ version }) => version));
  const kibanas = await kibanasIn(statefulSet.metadata?.namespace ?? '');
  const none = 'the overlay takes none, and there is no other way back. What something else takes is not looked at';
  return [
    judge(PATH, running, (versions) => pathVerdict(versions, to)),
    faultVerdict(to, acceptedIn(rendered.metadata?.annotations)),
    ...wholeVerdicts(facts),
    ...nodeVerdicts(facts),
    rolledVerdict(statefulSet),
    ...leftoverVerdicts(facts),
    ...roomVerdicts(facts),
    await deprecations(elasticsearch, running, to),
    ...(snapshotVerdicts(facts) ?? [notKnown(SNAPSHOT, none)]),
    judge(KIBANA, both(kibanas, running), (of) => kibanaVerdict(...of, to)),
  ];
};
