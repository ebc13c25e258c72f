// A node gets an empty disk under load, as for one that begins to fail.
import { expect } from '@jest/globals';
import { root } from '../../../scripts/lib/paths.ts';
import { makeCommand } from '../harness/command.ts';
import { es, esJson, health } from '../harness/es.ts';
import { elasticsearchPods, getJson } from '../harness/kube.ts';
import { prod, type Scenario, threeNodes } from '../harness/scenario.ts';
import { expectPlanned, underLoad } from '../harness/under-load.ts';
import { newIndex, untilNothingLeftBehind } from './support.ts';

const node = 'elasticsearch-1';

const claimUid = async (namespace: string): Promise<string> =>
  (await getJson<{ metadata: { uid: string } }>(['-n', namespace, 'pvc', `data-${node}`])).metadata.uid;

export const replaceNode: Scenario = {
  name: 'replace-node',
  does:
    '`make replace-node` refuses while the node has the only copy of something; then it moves what it can, and the ' +
    'node comes back with an empty disk under load: no search fails',
  set: 'full',
  lab: threeNodes,
  variant: prod,
  minutes: 15,
  async run(bed) {
    const { namespace } = bed;
    const before = await claimUid(namespace);
    await newIndex(namespace, 'single', {
      replicas: 0,
      settings: { 'index.routing.allocation.require._name': node },
    });
    const refused = await makeCommand(root, 'replace-node', 'prod', node);
    expect({ code: refused.code, stderr: refused.stderr }).toEqual({
      code: 1,
      stderr: expect.stringMatching(/nothing was changed:[^]*has the only copy of single\/0/),
    });
    await es(namespace, 'DELETE', '/single');
    expect(await claimUid(namespace)).toBe(before);

    const measured = await underLoad(bed, {}, async () => {
      expect((await makeCommand(root, 'replace-node', 'prod', node)).code).toBe(0);
    });
    expectPlanned(measured);
    expect(measured.restarted).toEqual([node]);
    expect(await claimUid(namespace)).not.toBe(before);
    expect((await health(namespace)).status).toBe('green');
    expect((await elasticsearchPods(namespace)).every(({ ready }) => ready)).toBe(true);
    const { persistent } = await esJson<{ persistent: object }>(
      namespace,
      'GET',
      '/_cluster/settings?flat_settings=true',
    );
    expect(Object.keys(persistent).filter((key) => key.startsWith('cluster.routing.'))).toEqual([]);
    await untilNothingLeftBehind(namespace);
  },
};
