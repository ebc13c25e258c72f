// What operators do by mistake: to the StatefulSet, and in an overlay. Each is taken back by a deploy of prod.
import { expect } from '@jest/globals';
import { causeText, diagnose } from '../../../scripts/lib/cluster/diagnose.ts';
import { takeSnapshot } from '../../../scripts/lib/cluster/snapshot.ts';
import { targetOf } from '../../../scripts/lib/cluster/target.ts';
import { applyVariant, statefulSet, untilGreen } from '../harness/cluster.ts';
import { clusterUuid } from '../harness/facts.ts';
import { elasticsearchPods, k } from '../harness/kube.ts';
import { renderVariant, type Variant } from '../harness/render.ts';
import { pause, say } from '../harness/say.ts';
import { prod, type Scenario, threeNodes } from '../harness/scenario.ts';
import { expectNothingLost, expectPlanned, expectUnnoticed, underLoad } from '../harness/under-load.ts';
import { until } from '../harness/until.ts';
import { expectOneAwayAtMost, fewestNodes, untilNothingLeftBehind } from './support.ts';

const claims = (namespace: string): Promise<string> =>
  k(['-n', namespace, 'get', 'pvc', '-o', 'jsonpath={range .items[*]}{.metadata.name} {.metadata.uid}{"\\n"}{end}']);

const removeSet = (namespace: string, cascade: 'orphan' | 'foreground'): Promise<string> =>
  k(['-n', namespace, 'delete', 'statefulset', 'elasticsearch', `--cascade=${cascade}`, '--timeout=180s'], {
    seconds: 200,
  });

export const statefulSetDeleted: Scenario = {
  name: 'stateful-set-deleted',
  does:
    'the StatefulSet is deleted: without its pods, which nobody notices, and with them; after a deploy it is the ' +
    'same cluster with the same claims, and every acknowledged write is there',
  set: 'full',
  lab: threeNodes,
  variant: prod,
  minutes: 12,
  alerts: [
    'ElasticsearchDoesNotAnswer',
    { alert: 'ElasticsearchNoMaster', perhaps: 'the agents begin anew, and with them what they count' },
    { alert: 'ElasticsearchRed', perhaps: 'while the first shards start' },
  ],
  async run(bed) {
    const { namespace, variant } = bed;
    const uuid = await clusterUuid(namespace);
    const before = await claims(namespace);
    const orphaned = await underLoad(bed, { part: 'its pods stay' }, async () => {
      await removeSet(namespace, 'orphan');
      await pause(15);
      await applyVariant(variant);
      await untilGreen(variant, 120);
    });
    expectUnnoticed(orphaned);

    const note = 'nothing is there until the deploy';
    const removed = await underLoad(bed, { part: 'its pods go', note }, async () => {
      await removeSet(namespace, 'foreground');
      expect(await elasticsearchPods(namespace)).toEqual([]);
      say('  no pod is left; now the deploy');
      await applyVariant(variant);
      await untilGreen(variant, 300);
    });
    expectNothingLost(removed);
    expect(await claims(namespace)).toBe(before);
    expect(await clusterUuid(namespace)).toBe(uuid);
    await untilNothingLeftBehind(namespace);
  },
};

/** What `make deploy` would say while it waits. */
const causes = async (variant: Variant): Promise<readonly string[]> => {
  const { objects } = await renderVariant(variant);
  return diagnose(await takeSnapshot(targetOf(objects))).map(causeText);
};

interface Mistake {
  readonly what: string;
  readonly variant: Variant;
  readonly says: RegExp;
}

const newest = '99.0.0';
const image = `docker.elastic.co/elasticsearch/elasticsearch:${newest}`;

const mistakes: readonly Mistake[] = [
  {
    what: 'a tag that no registry has',
    // Every container that has Elasticsearch's image, as `images:` of an overlay changes them.
    variant: {
      ...prod,
      patches: [
        {
          spec: {
            template: {
              spec: {
                containers: [{ name: 'elasticsearch', image }],
                // The agent has an image of its own; a patch that did not name it would move it behind the others.
                initContainers: [{ name: 'agent' }, ...['prepare', 'node-keystore'].map((name) => ({ name, image }))],
              },
            },
          },
        },
      ],
    },
    says: /99\.0\.0 can't be pulled/,
  },
  {
    what: 'a setting that Elasticsearch does not know',
    variant: { ...prod, settings: 'cluster.no_such_setting: true\n' },
    says: /unknown setting \[cluster\.no_such_setting\]/,
  },
];

export const operatorErrors: Scenario = {
  name: 'operator-errors',
  does:
    'an overlay with an image that is nowhere, then one with a setting that does not exist: one node fails, the ' +
    'deploy says why, the roll-out touches no other, and a deploy of the overlay of before mends it, under load',
  set: 'full',
  lab: threeNodes,
  variant: prod,
  minutes: 15,
  alerts: [
    { alert: 'ElasticsearchNodesMissing', perhaps: 'one node is away for about as long as the alert waits' },
    { alert: 'ElasticsearchZoneLost', perhaps: 'as above, where not even its agent can start' },
    { alert: 'ElasticsearchYellow', perhaps: 'as above' },
  ],
  async run(bed) {
    const { namespace } = bed;
    for (const { what, variant, says } of mistakes) {
      const untouched = (await elasticsearchPods(namespace)).slice(0, 2);
      let fewest = 0;
      const measured = await underLoad(bed, { part: what, note: 'one node does not start' }, async (load) => {
        await applyVariant(variant);
        const cause = await until(`the cause: ${what}`, { seconds: 120, every: 3 }, async () =>
          (await causes(variant)).find((one) => says.test(one)),
        );
        say(`  ${cause.split('\n').slice(0, 3).join(' ')}`);
        // For as long as a roll-out would need for its next step.
        await pause(30);
        if (!load.flowing()) throw new Error('the roll-out went on past the broken node and took the quorum');
        fewest = fewestNodes(load);
        const now = (await elasticsearchPods(namespace)).slice(0, 2);
        expect(now.map(({ uid }) => uid)).toEqual(untouched.map(({ uid }) => uid));
        await applyVariant(prod);
        await untilGreen(prod, 240);
      });
      expectOneAwayAtMost(fewest);
      expectPlanned(measured);
      expect(measured.restarted).toEqual(['elasticsearch-2']);
    }
    const { spec } = (await statefulSet(namespace)) ?? {};
    expect(spec?.template.spec?.containers[0]?.image).not.toContain(newest);
    await untilNothingLeftBehind(namespace);
  },
};
