// Larger disks under load. The lab's volumes are folders, and nobody makes them larger: this scenario says of each
// claim that it has grown, as a driver would. So it shows what the command does to claims, StatefulSet and pods, and
// nothing of a driver or a file system.
import { expect } from '@jest/globals';
import type { IPersistentVolumeClaim } from 'kubernetes-models/v1';
import { checkout } from '../../scripts/support/checkout.ts';
import { statefulSet, undeploy } from '../harness/cluster.ts';
import { makeCommand } from '../harness/command.ts';
import { getJson, k } from '../harness/kube.ts';
import { prod, type Scenario, threeNodes } from '../harness/scenario.ts';
import { unreadyDuring } from '../harness/steady.ts';
import { expectUnnoticed, underLoad } from '../harness/under-load.ts';

const size = '2Gi';
const overlay =
  'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nnamespace: reviews\n' +
  'resources: [../../test/cluster/overlays/prod]\npatches:\n' +
  '  - target: { kind: StatefulSet, name: elasticsearch }\n    patch: |\n      - op: replace\n' +
  `        path: /spec/volumeClaimTemplates/0/spec/resources/requests/storage\n        value: ${size}\n` +
  'transformers: [../prod/topology]\n';

const allow = (allowVolumeExpansion: boolean): Promise<string> =>
  k(['patch', 'storageclass', 'standard', '--type=merge', '-p', JSON.stringify({ allowVolumeExpansion })]);

const claims = async (namespace: string): Promise<readonly IPersistentVolumeClaim[]> =>
  (await getJson<{ items: IPersistentVolumeClaim[] }>(['-n', namespace, 'persistentvolumeclaims'])).items.filter(
    ({ metadata }) => /^data-elasticsearch-[0-2]$/.test(metadata?.name ?? ''),
  );

const asked = ({ spec }: IPersistentVolumeClaim): string => String(spec?.resources?.requests?.['storage']);

/** The part of a driver: what is asked for is there. */
const playDriver = (namespace: string): (() => void) => {
  const grow = async (): Promise<void> => {
    for (const claim of await claims(namespace)) {
      if (String(claim.status?.capacity?.['storage']) === asked(claim)) continue;
      const status = JSON.stringify({ status: { capacity: { storage: asked(claim) } } });
      const name = claim.metadata?.name ?? '';
      await k(['-n', namespace, 'patch', 'pvc', name, '--subresource=status', '--type=merge', '-p', status]);
    }
  };
  const timer = setInterval(() => void grow().catch(() => undefined), 1000);
  return () => clearInterval(timer);
};

export const expandStorage: Scenario = {
  name: 'expand-storage',
  does:
    '`make expand-storage` under load: each claim has the larger size, the StatefulSet is another one, and no pod is ' +
    'restarted or unready, no request fails',
  set: 'full',
  lab: threeNodes,
  variant: prod,
  labOnly: true,
  minutes: 10,
  async run(bed) {
    const { namespace } = bed;
    const copy = checkout();
    copy.write({ 'overlays/larger/kustomization.yaml': overlay });
    const stop = playDriver(namespace);
    try {
      const refused = await makeCommand(copy.folder, 'expand-storage', 'larger');
      expect({ code: refused.code, stderr: refused.stderr }).toEqual({
        code: 1,
        stderr: expect.stringMatching(/nothing was changed:[^]*allowVolumeExpansion/),
      });
      await allow(true);
      const before = (await statefulSet(namespace))?.metadata?.uid;
      let unready: string[] = [];
      const measured = await underLoad(bed, { note: 'the driver of volumes is played' }, async () => {
        unready = await unreadyDuring(namespace, async () => {
          expect((await makeCommand(copy.folder, 'expand-storage', 'larger')).code).toBe(0);
        });
      });
      expectUnnoticed(measured);
      expect(unready).toEqual([]);
      expect((await statefulSet(namespace))?.metadata?.uid).not.toBe(before);
      expect((await claims(namespace)).map((claim) => [asked(claim), claim.status?.capacity?.['storage']])).toEqual(
        Array.from({ length: 3 }, () => [size, size]),
      );
    } finally {
      stop();
      copy.remove();
      await allow(false);
    }
  },
  // No claim becomes smaller again.
  after: ({ namespace }) => undeploy(namespace),
};
