// What a pod is granted for its end, as a real API server tells it: however it is deleted, and a stop beside it.

import { beforeEach, expect, test } from '@jest/globals';
import type { Waits, World } from '../../base/elasticsearch/agent/ports.ts';
import { createStop } from '../../base/elasticsearch/agent/stop.ts';
import { bad, good } from '../../base/lib/answer.ts';
import { besideApiServer } from '../support/beside-api-server.ts';
import { Account } from './support/account.ts';
import { Scene, WAITS } from './support/hook.ts';
import { pod } from './support/pictures.ts';

const name = pod(1);

besideApiServer('the time that a pod is granted', [], (server) => {
  let account: Account;
  const path = (rest = ''): string => `namespaces/${account.namespace}/pods${rest}`;

  beforeEach(async () => {
    account = await Account.make(server());
    // On a node: without one it would be gone at once. No kubelet ends it here.
    const spec = {
      nodeName: 'node-a',
      terminationGracePeriodSeconds: 5700,
      serviceAccountName: 'elasticsearch',
      containers: [{ name: 'elasticsearch', image: 'x' }],
    };
    await server().must({ method: 'POST', path: path(), body: { metadata: { name }, spec } });
  }, 30_000);

  const remove = (grace?: number): Promise<unknown> =>
    server().must({
      method: 'DELETE',
      path: path(`/${name}${grace === undefined ? '' : `?gracePeriodSeconds=${grace}`}`),
    });
  const evict = (gracePeriodSeconds: number): Promise<unknown> =>
    server().must({
      method: 'POST',
      path: path(`/${name}/eviction`),
      body: { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name }, deleteOptions: { gracePeriodSeconds } },
    });
  const granted = (): Promise<unknown> => account.client(name).pod();
  const seconds = (graceSeconds: number | undefined) => ({ ok: true, value: { graceSeconds } });

  test('is not known while nobody deletes it, then its own, then ever less', async () => {
    expect(await granted()).toEqual(seconds(undefined));
    await remove();
    expect(await granted()).toEqual(seconds(5700));
    await remove(600);
    expect(await granted()).toEqual(seconds(600));
    await remove(900);
    expect(await granted()).toEqual(seconds(600));
    await evict(180);
    expect(await granted()).toEqual(seconds(180));
    await remove(0);
    expect(await granted()).toMatchObject({ ok: false, trouble: 'absent' });
  });

  test('is what an eviction says', async () => {
    await evict(30);
    expect(await granted()).toEqual(seconds(30));
  });

  test('is a second, where it is shortened to what has passed already', async () => {
    await remove(600);
    await new Promise((resolve) => setTimeout(resolve, 2500));
    await remove(2);
    expect(await granted()).toEqual(seconds(1));
  });

  test('is not told about a pod that the rights do not name', async () => {
    expect(await account.client(pod(14)).pod()).toMatchObject({ ok: false, trouble: 'absent' });
    expect(await account.client(pod(15)).pod()).toMatchObject({ ok: false, trouble: 'forbidden' });
  });

  /** Of a node that knows nothing of its cluster, in real time; another one has the turn. */
  const begin = (waits: Waits = WAITS) => {
    const simulated = new Scene().world(name);
    const world: World = {
      ...simulated,
      elasticsearch: {
        ...simulated.elasticsearch,
        picture: async () => bad('no-master', 'none'),
        recovered: async () => good(true),
      },
      kubernetes: account.client(name),
      clock: () => performance.now() / 1000,
      sleep: (wait) => new Promise((resolve) => setTimeout(resolve, wait * 1000)),
      waits,
    };
    return createStop(world);
  };

  /** As the hook does it, of which `elapsed` seconds have passed. How many more it took, and what was said. */
  const hook = async (stop: ReturnType<typeof begin>, elapsed = 0, act = async () => undefined as unknown) => {
    const from = performance.now();
    const passed = (): number => (performance.now() - from) / 1000;
    const lines: string[] = [];
    for (let acted = false; passed() < 20; ) {
      const { go, reasons } = stop.ask(elapsed + Math.floor(passed()));
      lines.push(...reasons);
      if (go) {
        const after = passed();
        await stop.forget();
        return { after, said: lines.join('\n') };
      }
      if (!acted && passed() > 1) {
        acted = true;
        await act();
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error(`still waits:\n${lines.join('\n')}`);
  };

  test.each([
    [600, 470, 5],
    [180, 50, 5],
    [30, 0, 0],
  ])('being %i s ends a stop that has lasted for %i s within %i s', async (grace, elapsed, left) => {
    await account.client(pod(2)).holdLease(300);
    await remove(grace);
    const { after, said } = await hook(begin(), elapsed);
    expect(after).toBeGreaterThanOrEqual(left - 0.1);
    expect(after).toBeLessThan(left + 3);
    expect(said).toContain(`the pod is granted ${grace} s`);
  });

  test('is looked at again while the stop goes on', async () => {
    await remove();
    const { after, said } = await hook(begin({ ...WAITS, PRE_STOP_DRAIN_SECONDS: 2 }), 0, () => remove(30));
    expect(after).toBeGreaterThan(1);
    expect(after).toBeLessThan(8);
    expect(said).toMatch(/^nothing is waited for: the pod is granted 30 s/);
  });
});
