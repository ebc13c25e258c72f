// Somebody holds the Lease whose clock is five minutes ahead, or who wants it for ever, and never renews it.
import { expect } from '@jest/globals';
import { reasonsOfLeaving } from '../harness/agent.ts';
import { untilGreen } from '../harness/cluster.ts';
import { k } from '../harness/kube.ts';
import { say, secondsSince } from '../harness/say.ts';
import { prod, type Scenario, threeNodes } from '../harness/scenario.ts';
import { expectPlanned, underLoad } from '../harness/under-load.ts';
import { until } from '../harness/until.ts';

const MINUTES_AHEAD = 5;
/** SHUTDOWN_SECONDS of the overlay, three minutes, and what a look takes. */
const LONGEST_WAIT = 120 + 180 + 30;

const lease = (namespace: string): string =>
  JSON.stringify({
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: { name: 'elasticsearch-restart', namespace },
    spec: {
      holderIdentity: 'elasticsearch-2',
      leaseDurationSeconds: 2_000_000_000,
      renewTime: new Date(Date.now() + MINUTES_AHEAD * 60_000).toISOString().replace('Z', '000Z'),
    },
  });

export const clockAhead: Scenario = {
  name: 'clock-ahead',
  does:
    'a silent holder of the Lease, five minutes ahead and for sixty years, holds up a restart for as long as any ' +
    'other silent one, and no longer',
  set: 'full',
  lab: threeNodes,
  variant: prod,
  minutes: 15,
  async run(bed) {
    const { namespace, variant } = bed;
    const measured = await underLoad(bed, { note: 'a stranger holds the Lease' }, async () => {
      await k(['apply', '--server-side', '--field-manager=stranger', '--force-conflicts', '-f', '-'], {
        input: lease(namespace),
      });
      const began = Date.now();
      await k(['-n', namespace, 'delete', 'pod', 'elasticsearch-0', '--wait=false']);
      const why = await until('the holder as a reason', { seconds: 60 }, async () =>
        (await reasonsOfLeaving(namespace)).find((reason) => reason.includes('elasticsearch-2')),
      );
      say(`  ${why}`);
      await untilGreen(variant, LONGEST_WAIT + 180);
      const waited = secondsSince(began);
      say(`  restarted and green after ${waited} s`);
      // Not at once either: the lease of one that lives is heeded.
      expect(waited).toBeGreaterThan(120);
    });
    expectPlanned(measured);
    expect(measured.restarted).toEqual(['elasticsearch-0']);
  },
};
