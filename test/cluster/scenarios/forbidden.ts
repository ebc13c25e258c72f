// The rights of the agents and of credentials are gone for ten minutes: everything they ask the API server is a 403.
import { expect } from '@jest/globals';
import { applyVariant, untilGreen } from '../harness/cluster.ts';
import { elasticsearchPods, k, logs, type Pod, pod, pods } from '../harness/kube.ts';
import { pause, say, secondsSince } from '../harness/say.ts';
import { prod, type Scenario, threeNodes } from '../harness/scenario.ts';
import { leftTheService } from '../harness/steady.ts';
import { expectPlanned, underLoad } from '../harness/under-load.ts';
import { until } from '../harness/until.ts';
import { untilNothingLeftBehind } from './support.ts';

const MINUTES = 10;

const credentialsPod = async (namespace: string): Promise<Pod> => {
  const [found] = await pods(namespace, 'app.kubernetes.io/name=credentials');
  if (found === undefined) throw new Error('there is no pod of credentials');
  return found;
};

export const forbidden: Scenario = {
  name: 'forbidden',
  does:
    'agents and credentials get 403 from the API server for ten minutes: no node leaves the Service, a node that is ' +
    'deleted meanwhile is made anew, credentials is unready and says why, and all recovers by itself',
  set: 'full',
  lab: threeNodes,
  variant: prod,
  minutes: 25,
  async run(bed) {
    const { namespace, variant } = bed;
    try {
      const measured = await underLoad(bed, { note: '403 from the API server for ten minutes' }, async () => {
        const began = Date.now();
        await k(['-n', namespace, 'delete', 'rolebinding', 'elasticsearch-lifecycle', 'credentials']);
        const before = await elasticsearchPods(namespace);
        await until('credentials unready', { seconds: 240 }, async () => !(await credentialsPod(namespace)).ready);
        expect(await logs(namespace, (await credentialsPod(namespace)).name, 'credentials')).toMatch(/403|forbidden/i);
        expect(leftTheService(before, await elasticsearchPods(namespace))).toEqual([]);

        const old = (await pod(namespace, 'elasticsearch-1')).uid;
        await k(['-n', namespace, 'delete', 'pod', 'elasticsearch-1', '--wait=false']);
        await until('elasticsearch-1 made anew', { seconds: 240 }, async () =>
          (await elasticsearchPods(namespace)).some(({ name, uid }) => name === 'elasticsearch-1' && uid !== old),
        );
        say(`  elasticsearch-1 is made anew ${secondsSince(began)} s after the rights were taken away`);
        await pause(Math.max(0, MINUTES * 60 - secondsSince(began)));
        await applyVariant(variant);
        await untilGreen(variant, 600);
        await until('credentials ready', { seconds: 120 }, async () => (await credentialsPod(namespace)).ready);
      });
      expectPlanned(measured);
      expect(measured.restarted).toEqual(['elasticsearch-1']);
    } finally {
      await applyVariant(variant);
    }
    await untilNothingLeftBehind(namespace);
  },
};
