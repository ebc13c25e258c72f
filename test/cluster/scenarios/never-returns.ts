// A Kubernetes node that is lost for good, with its disk. The steps are those of docs/runbooks/lost-node.md.
import { expect } from '@jest/globals';
import { untilGreen } from '../harness/cluster.ts';
import { nodes } from '../harness/facts.ts';
import { k } from '../harness/kube.ts';
import { crash, letterOf } from '../harness/lab.ts';
import { pause, say } from '../harness/say.ts';
import { prod, type Scenario } from '../harness/scenario.ts';
import { expectNothingLost, underLoad } from '../harness/under-load.ts';
import { electedMaster } from './support.ts';

export const neverReturns: Scenario = {
  name: 'node-that-never-returns',
  does: 'a node is lost with its disk: three commands bring the cluster back to green on a spare node',
  set: 'full',
  lab: { nodes: 4 },
  variant: prod,
  labOnly: true,
  minutes: 12,
  async run(bed) {
    const { namespace } = bed;
    const { others } = await electedMaster(namespace);
    const [bystander, victim] = others;
    if (victim.node === undefined) throw new Error(`${victim.name} runs nowhere`);
    const lost = victim.node;
    const measured = await underLoad(bed, { node: bystander.node, note: 'replaced after 30 s' }, async () => {
      await crash(letterOf(lost));
      await pause(30);
      say(`  the runbook for ${lost} and ${victim.name}`);
      await k(['delete', 'node', lost]);
      await k(['-n', namespace, 'delete', 'pvc', `data-${victim.name}`, '--wait=false']);
      await k(['-n', namespace, 'delete', 'pod', victim.name, '--force', '--grace-period=0', '--ignore-not-found']);
      await untilGreen(bed.variant, 300);
    });
    expectNothingLost(measured);
    expect(measured.restarted).toEqual([victim.name]);
    expect((await nodes(namespace)).length).toBe(3);
  },
};
