// The lease that lets one node restart at a time, at a real API server: between agents, and between an agent and a hook
// of the previous version.

import { join } from 'node:path';
import { beforeEach, describe, expect, test } from '@jest/globals';
import type { KubernetesClient } from '../../base/elasticsearch/agent/kubernetes.ts';
import type { LeaseLook } from '../../base/elasticsearch/agent/ports.ts';
import { type Finished, run } from '../../scripts/lib/process.ts';
import { besideApiServer } from '../support/beside-api-server.ts';
import { Account } from './support/account.ts';

const [pod0, pod1, pod2] = ['elasticsearch-0', 'elasticsearch-1', 'elasticsearch-2'];

besideApiServer('the lease', [], (server) => {
  let account: Account;
  let [zero, one, two]: KubernetesClient[] = [];
  beforeEach(async () => {
    account = await Account.make(server());
    [zero, one, two] = [pod0, pod1, pod2].map((name) => account.client(name));
  }, 30_000);

  const look = async (client = zero): Promise<LeaseLook> => {
    const answer = await client?.lease();
    if (answer?.ok !== true) throw new Error(`the lease cannot be read: ${JSON.stringify(answer)}`);
    return answer.value;
  };
  const path = (): string =>
    `/apis/coordination.k8s.io/v1/namespaces/${account.namespace}/leases/elasticsearch-restart`;

  test('is taken by the first, renewed by it, and refused to others', async () => {
    expect(await zero?.lease()).toMatchObject({ ok: false, trouble: 'absent' });
    const taken = await zero?.holdLease(300);
    expect(taken).toMatchObject({ ok: true, value: { holder: pod0 } });
    const renewed = await zero?.holdLease(300);
    expect(renewed).toMatchObject({ ok: true, value: { holder: pod0 } });
    // By that the others see that it lives.
    expect(renewed).not.toEqual(taken);
    expect(await one?.holdLease(300)).toMatchObject({ ok: false, trouble: 'conflict' });
    // Another time, or a version of another time, makes no difference.
    expect(await one?.holdLease(600)).toMatchObject({ ok: false, trouble: 'conflict' });
    expect(await look()).toMatchObject({ holder: pod0 });
  });

  test('goes to one of several that ask at the same moment', async () => {
    const pods = Array.from({ length: 8 }, (_, n) => account.client(`elasticsearch-${n}`));
    const answers = await Promise.all(pods.map((client) => client.holdLease(300)));
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
    expect(answers.filter((answer) => !answer.ok && answer.trouble === 'conflict')).toHaveLength(7);
  });

  test('is taken over with its version, and not with an old one', async () => {
    await zero?.holdLease(300);
    const { version } = await look();
    await zero?.holdLease(300);
    expect(await one?.takeLease(300, version)).toMatchObject({ ok: false, trouble: 'conflict' });
    expect(await look()).toMatchObject({ holder: pod0 });
    expect(await one?.takeLease(300, (await look()).version)).toMatchObject({ ok: true, value: { holder: pod1 } });
    expect(await zero?.holdLease(300)).toMatchObject({ ok: false, trouble: 'conflict' });
    expect(await one?.holdLease(300)).toMatchObject({ ok: true });
  });

  test('is taken over by one of two that have read the same version', async () => {
    await zero?.holdLease(300);
    const { version } = await look();
    const answers = await Promise.all([one?.takeLease(300, version), two?.takeLease(300, version)]);
    expect(answers.filter((answer) => answer?.ok === true)).toHaveLength(1);
    expect(answers.filter((answer) => answer?.ok === false && answer.trouble === 'conflict')).toHaveLength(1);
  });

  test('is given back by its holder, and then free', async () => {
    await zero?.holdLease(300);
    expect(await zero?.giveLeaseBack()).toMatchObject({ ok: true });
    expect(await look()).toMatchObject({ holder: undefined });
    expect(await one?.holdLease(300)).toMatchObject({ ok: true, value: { holder: pod1 } });
  });

  test('of another is never touched by giving back', async () => {
    await zero?.holdLease(300);
    const before = await look();
    expect(await one?.giveLeaseBack()).toMatchObject({ ok: true });
    expect(await look()).toMatchObject({ holder: before.holder });
    // Also by one that had it, and has lost it.
    expect(await two?.takeLease(300, (await look()).version)).toMatchObject({ ok: true });
    expect(await zero?.giveLeaseBack()).toMatchObject({ ok: true });
    expect(await look()).toMatchObject({ holder: pod2 });
    expect(await zero?.holdLease(300)).toMatchObject({ ok: false, trouble: 'conflict' });
    expect(await two?.holdLease(300)).toMatchObject({ ok: true });
    expect(await two?.giveLeaseBack()).toMatchObject({ ok: true });
    expect(await look()).toMatchObject({ holder: undefined });
    expect(await one?.holdLease(300)).toMatchObject({ ok: true });
  });

  test('that nobody ever took may be given back', async () => {
    expect(await zero?.giveLeaseBack()).toMatchObject({ ok: true });
    expect(await one?.holdLease(300)).toMatchObject({ ok: true });
  });

  describe('with a node of the previous version', () => {
    const script = join(__dirname, 'support/previous-lease.sh');
    const bash = (name: string, call: 'take_turn' | 'end_restart'): Promise<Finished> =>
      run('bash', [script, call], { env: account.env(name), seconds: 20 });

    test('excludes both, whoever comes first', async () => {
      expect(await bash('elasticsearch-0', 'take_turn')).toMatchObject({ code: 0, stdout: '' });
      expect(await one?.holdLease(300)).toMatchObject({ ok: false, trouble: 'conflict' });
      expect(await look(one)).toMatchObject({ holder: pod0 });
      expect(await bash('elasticsearch-0', 'take_turn')).toEqual(expect.objectContaining({ code: 0 }));
      expect(await bash('elasticsearch-0', 'end_restart')).toEqual(expect.objectContaining({ code: 0 }));
      expect(await one?.holdLease(300)).toMatchObject({ ok: true, value: { holder: pod1 } });
      const refused = { code: 1, stdout: `waiting: ${pod1} restarts\n` };
      expect(await bash('elasticsearch-0', 'take_turn')).toMatchObject(refused);
      expect(await bash('elasticsearch-0', 'end_restart')).toEqual(expect.objectContaining({ code: 0 }));
      expect(await look(one)).toMatchObject({ holder: pod1 });
      expect(await one?.giveLeaseBack()).toMatchObject({ ok: true });
      expect(await bash('elasticsearch-0', 'take_turn')).toEqual(expect.objectContaining({ code: 0 }));
    });

    test('goes to one of them that ask at the same moment', async () => {
      const [old, agent] = await Promise.all([bash('elasticsearch-0', 'take_turn'), one?.holdLease(300)]);
      expect([old.code === 0, agent?.ok].filter(Boolean)).toHaveLength(1);
    });

    test('is taken over by either from one that is dead, and from none that lives', async () => {
      await zero?.holdLease(300);
      const past = { spec: { renewTime: '2026-01-01T00:00:00.000000Z' } };
      const type = 'application/merge-patch+json';
      await server().must({ method: 'PATCH', path: `${path()}?fieldManager=${pod0}`, type, body: past });
      expect((await bash('elasticsearch-1', 'take_turn')).stdout).toContain(`took the turn over from ${pod0}`);
      expect(await look()).toMatchObject({ holder: pod1 });
      expect(await zero?.holdLease(300)).toMatchObject({ ok: false, trouble: 'conflict' });
      // By its version, whose age the agent has watched.
      const { version } = await look();
      expect(await two?.takeLease(300, version)).toMatchObject({ ok: true });
      expect((await bash('elasticsearch-1', 'take_turn')).code).toBe(1);
    });

    test('stays with a pod that is rolled from one version to the other', async () => {
      expect(await bash('elasticsearch-0', 'take_turn')).toEqual(expect.objectContaining({ code: 0 }));
      // The new version's agent of the same pod: holds what its old hook took, and gives it back when it is ready.
      expect(await look()).toMatchObject({ holder: pod0 });
      expect(await zero?.holdLease(300)).toMatchObject({ ok: true });
      expect(await zero?.giveLeaseBack()).toMatchObject({ ok: true });
      expect(await one?.holdLease(300)).toMatchObject({ ok: true });
    });
  });
});
