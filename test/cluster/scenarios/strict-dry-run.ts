// What is committed under rendered/, object by object, before a real API server that knows every field and says every
// warning.
import { expect } from '@jest/globals';
import { loadAll } from 'js-yaml';
import { fieldManager } from '../../../scripts/lib/cluster/apply.ts';
import type { Finished } from '../../../scripts/lib/process.ts';
import { committedManifests } from '../../../scripts/lib/render/committed.ts';
import { k, kubectl } from '../harness/kube.ts';
import { say } from '../harness/say.ts';
import { prod, type Scenario, threeNodes } from '../harness/scenario.ts';

/**
 * Nothing is stored. A field that does not exist, and any warning (a deprecated API, a breach of Pod Security), is an
 * error.
 */
const dryRun = (text: string): Promise<Finished> =>
  // By the name and with the force of a deploy: what is there for the whole cluster may be from one.
  kubectl(
    [
      'apply',
      '--server-side',
      `--field-manager=${fieldManager}`,
      '--force-conflicts',
      '--dry-run=server',
      '--validate=strict',
      '--warnings-as-errors',
      '-f',
      '-',
    ],
    {
      input: text,
      seconds: 120,
    },
  );

export const strictDryRun: Scenario = {
  name: 'strict-dry-run',
  does:
    'the API server takes every object of rendered/, in namespaces that enforce Pod Security restricted, without a ' +
    'warning; it refuses a misspelt field',
  set: 'ci',
  lab: threeNodes,
  variant: prod,
  empty: true,
  unheard: 'nothing is started',
  labOnly: true,
  minutes: 4,
  async run({ tried }) {
    for (const overlay of ['dev', 'prod']) {
      const text = committedManifests(overlay);
      const objects = loadAll(text) as { kind: string; metadata: { name: string } }[];
      const namespace = objects.find(({ kind }) => kind === 'Namespace');
      if (namespace === undefined) throw new Error(`rendered/${overlay} has no Namespace`);
      try {
        // The others need it to be there, and its labels are what warns.
        await k(['apply', '--server-side', '-f', '-'], { input: JSON.stringify(namespace) });
        const { code, stdout, stderr } = await dryRun(text);
        expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
        expect(stdout.trim().split('\n')).toHaveLength(objects.length);
        say(`  rendered/${overlay}: ${objects.length} objects`);
        tried(
          `rendered/${overlay} applied, as a dry run, to a namespace that enforces \`restricted\``,
          'every object is taken, no warning',
        );
        const misspelt = await dryRun(text.replace('terminationGracePeriodSeconds:', 'terminationGraceSeconds:'));
        expect(misspelt.code).not.toBe(0);
        expect(misspelt.stderr).toContain('terminationGraceSeconds');
        const careless = await dryRun(text.replace('runAsNonRoot: true', 'runAsNonRoot: false'));
        expect(careless.code).not.toBe(0);
        expect(careless.stderr).toContain('would violate PodSecurity');
      } finally {
        await k(['delete', 'namespace', namespace.metadata.name, '--timeout=120s'], { seconds: 130 });
      }
    }
  },
};
