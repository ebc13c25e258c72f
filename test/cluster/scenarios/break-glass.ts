// Nobody knows the superuser's password: the commands of docs/security.md, as they stand there.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import { root } from '../../../scripts/lib/paths.ts';
import { run } from '../../../scripts/lib/process.ts';
import { undeploy, untilGreen } from '../harness/cluster.ts';
import { elasticsearchPods, exec } from '../harness/kube.ts';
import { say } from '../harness/say.ts';
import { prod, type Scenario, threeNodes } from '../harness/scenario.ts';
import { answersTo, answerTo, loginOf } from '../harness/secrets.ts';

const first = 'elasticsearch-0';

/** The indented block below the heading. */
const documented = (): string => {
  const [, section = ''] = readFileSync(join(root, 'docs/security.md'), 'utf8').split(
    "### A new superuser's password by hand\n",
  );
  const [block = ''] = /(?:^ {4}.*\n)+/m.exec(section) ?? [];
  expect(block).toContain('elasticsearch-reset-password');
  return block;
};

/** Users of the file realm, as the node's own tool lists them. */
const listed = async (namespace: string): Promise<string> =>
  (await exec(namespace, first, ['elasticsearch-users', 'list'], { seconds: 60 })).stdout;

export const breakGlass: Scenario = {
  name: 'break-glass',
  does:
    "nobody knows the superuser's password: the documented commands set a new one and store it, every node takes " +
    'it, and the node on which they ran has its users again',
  set: 'full',
  lab: threeNodes,
  variant: prod,
  minutes: 8,
  async run(bed) {
    const { namespace } = bed;
    const old = await loginOf(namespace, 'elastic');
    expect(await answersTo(namespace, old)).toEqual([200, 200, 200]);
    expect(await listed(namespace)).toContain('operations');
    const [before] = await elasticsearchPods(namespace);

    const url = '--url https://localhost:9200';
    const [, command = ''] = new RegExp(`-- (elasticsearch-reset-password .*) ${url}`).exec(documented()) ?? [];
    const refused = await exec(namespace, first, command.split(' '), { seconds: 120 });
    expect(refused.code).not.toBe(0);
    const [reason = 'no name in the certificate'] =
      /No subject alternative[^\n]*?(?= found|\n|$)/.exec(refused.stderr + refused.stdout) ?? [];
    bed.tried(`${command}, without --url`, `fails with ${refused.code}: ${reason}`);

    const script = documented().replaceAll(' reviews ', ` ${namespace} `);
    say('  the documented commands');
    const done = await run('bash', ['-euo', 'pipefail', '-c', script], { seconds: 900 });
    expect({ code: done.code, stderr: done.stderr }).toEqual(expect.objectContaining({ code: 0 }));
    const now = await loginOf(namespace, 'elastic');
    expect(now.password).toMatch(/^[^\s]{12,}$/);
    expect(now.password).not.toBe(old.password);
    expect(`${done.stdout}${done.stderr}`).not.toContain(now.password);

    await untilGreen(bed.variant, 600);
    const [after] = await elasticsearchPods(namespace);
    expect(after?.uid).not.toBe(before?.uid);
    expect(await answersTo(namespace, now)).toEqual([200, 200, 200]);
    expect(await answersTo(namespace, old)).toEqual([401, 401, 401]);
    expect(await answerTo(namespace, first, await loginOf(namespace, 'operations'))).toBe(200);
    expect(await listed(namespace)).toContain('operations');
    bed.tried(
      'the documented commands for a password that nobody knows',
      'a new one is in the cluster and in the Secret; the node on which they ran has its users again',
    );
  },
  // The password is a person's now, which no rotation changes: the next scenario begins with another cluster.
  after: ({ namespace }) => undeploy(namespace),
};
