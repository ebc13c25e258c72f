// `make status` and `make doctor`, as they are run, on a real API server without a kubelet: nobody can be asked there.

import { expect, test } from '@jest/globals';
import { documentsOf, parseManifests } from '../../scripts/lib/objects.ts';
import { committedManifests } from '../../scripts/lib/render/committed.ts';
import { buildSeconds } from '../render/harness.ts';
import { besideTarget } from './support/beside-target.ts';
import { must } from './support/kubectl.ts';

const namespace = 'reviews-dev';

/** Of the StatefulSet, as its controller would make it, on a Kubernetes node that nobody runs. */
const pod = (name: string) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name,
    labels: {
      'app.kubernetes.io/name': 'elasticsearch',
      'app.kubernetes.io/instance': 'reviews',
      'app.kubernetes.io/part-of': 'delivery-reviews',
    },
    ownerReferences: [{ apiVersion: 'apps/v1', kind: 'StatefulSet', name: 'elasticsearch', uid: 'x' }],
  },
  spec: {
    automountServiceAccountToken: false,
    nodeName: 'node-a',
    initContainers: [{ name: 'agent', image: 'x', restartPolicy: 'Always' }],
    containers: [{ name: 'elasticsearch', image: 'x' }],
  },
});

besideTarget('status', (bed) => {
  test(
    'says that nothing is there, and then what is, and what could not be asked and why',
    async () => {
      const before = await bed.copy.command('status', 'dev');
      expect(before).toMatchObject({
        code: 0,
        stdout: `There is no StatefulSet elasticsearch in namespace ${namespace}, and no pod of it\n`,
      });

      await must(['create', 'namespace', namespace]);
      await must(['create', 'serviceaccount', '-n', namespace, 'default']);
      const statefulSet = documentsOf(committedManifests('dev')).find(
        (document) => parseManifests(document)[0]?.kind === 'StatefulSet',
      );
      await must(['create', '-f', '-'], statefulSet ?? '');
      await must(['-n', namespace, 'create', '-f', '-'], JSON.stringify(pod('elasticsearch-0')));
      await must(['-n', namespace, 'scale', 'statefulset/elasticsearch', '--replicas=2']);

      const { code, stdout, stderr } = await bed.copy.command('status', 'dev');
      expect(stdout).toContain(`Namespace ${namespace}: 0 of 1 pods ready, 2 wanted; how the cluster is could not be`);
      expect(stdout).toMatch(
        /^elasticsearch-0 +node-a +no +not known +- +- +- +could not be asked: its container agent does not run$/m,
      );
      expect(stdout).toMatch(/^elasticsearch-1 +- +no +no pod +- +- +- +wanted, but not there$/m);
      expect({ code, stderr }).toEqual({
        code: 1,
        stderr: expect.stringContaining('Error: 1 of 1 nodes could not be asked: elasticsearch-0'),
      });

      const doctor = await bed.copy.command('doctor', 'dev');
      expect(doctor.stdout).toMatch(/^elasticsearch-0 +node-a +no +not known /m);
      // What nobody answers is no yes, and takes none of the other answers away.
      expect(doctor.stdout).toMatch(/^not known the cluster is green: no pod of Elasticsearch has an agent /m);
      expect(doctor.stdout).toMatch(/^no +every pod of Elasticsearch is ready: elasticsearch-0 is not ready; /m);
      expect(doctor.stdout).toMatch(/^yes +the disks are as large as the overlay says: /m);
      expect({ code: doctor.code, stderr: doctor.stderr }).toEqual({
        code: 1,
        stderr: expect.stringMatching(/Error: (?:.* checks .*; )?\d+ of 18 questions about what runs have no "yes"/),
      });

      await must(['-n', namespace, 'delete', 'statefulset/elasticsearch', '--cascade=orphan', '--wait=false']);
      await must([
        '-n',
        namespace,
        'patch',
        'statefulset/elasticsearch',
        '--type=merge',
        '-p',
        '{"metadata":{"finalizers":null}}',
      ]);
      const orphaned = await bed.copy.command('doctor', 'dev');
      expect(orphaned.stdout).toMatch(
        /^no +the StatefulSet is there: it is not, and elasticsearch-0 still run: deploy$/m,
      );
      expect(orphaned.code).toBe(1);
    },
    buildSeconds,
  );
});
