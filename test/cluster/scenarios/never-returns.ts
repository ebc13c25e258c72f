// A Kubernetes node that is lost for good, with its disk. The steps are those of docs/runbooks/lost-node.md.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import { root } from '../../../scripts/lib/paths.ts';
import { run } from '../../../scripts/lib/process.ts';
import { untilGreen } from '../harness/cluster.ts';
import { nodes } from '../harness/facts.ts';
import { crash, letterOf } from '../harness/lab.ts';
import { pause, say } from '../harness/say.ts';
import { prod, type Scenario } from '../harness/scenario.ts';
import { expectNothingLost, underLoad } from '../harness/under-load.ts';
import { electedMaster, machineAway } from './support.ts';

/** The runbook's commands, with the names of this case in place of its examples. */
const commands = (names: Readonly<Record<string, string>>): string => {
  const text = readFileSync(join(root, 'docs/runbooks/lost-node.md'), 'utf8');
  const block = /```sh\n([^]*?)```/.exec(text)?.[1] ?? '';
  const replaced = Object.entries(names).reduce(
    (script, [name, value]) => script.replace(new RegExp(`\\b${name}=\\S+`), `${name}=${value}`),
    block,
  );
  for (const [name, value] of Object.entries(names)) expect(replaced).toContain(`${name}=${value}`);
  return replaced;
};

export const neverReturns: Scenario = {
  name: 'node-that-never-returns',
  does: 'a node is lost with its disk: three commands bring the cluster back to green on a spare node',
  set: 'full',
  lab: { nodes: 4 },
  variant: prod,
  labOnly: true,
  minutes: 12,
  alerts: machineAway,
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
      const done = await run('bash', ['-euxc', commands({ NAMESPACE: namespace, NODE: lost, POD: victim.name })], {
        env: process.env,
        seconds: 120,
      });
      say(done.stderr.trim());
      expect(done.code).toBe(0);
      await untilGreen(bed.variant, 300);
    });
    expectNothingLost(measured);
    expect(measured.restarted).toEqual([victim.name]);
    expect((await nodes(namespace)).length).toBe(3);
  },
};
