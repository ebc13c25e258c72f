import { describe, expect, test } from '@jest/globals';
import type { IPod } from 'kubernetes-models/v1';
import { customerIn } from '../../scripts/lib/erase/customer.ts';
import { proofIn, wordsIn } from '../../scripts/lib/erase/log.ts';
import { standingOf } from '../../scripts/lib/erase/pod.ts';

describe("a customer's id", () => {
  test.each([
    ['C12345', 'C12345'],
    ['C12345\n', 'C12345'],
    ['C12345\r\n', 'C12345'],
    ['"C*" ü\\', '"C*" ü\\'],
  ])('is what stands in the line: %j', (input, id) => expect(customerIn(input)).toBe(id));

  test.each([
    ['nothing', '', /no customer's id was given/],
    ['an empty line', '\n', /no customer's id was given/],
    ['two lines', 'C1\nC2\n', /one line of plain text/],
    ['a line and an empty one', 'C1\n\n', /one line of plain text/],
    ['a tab behind it', 'C1\t', /one line of plain text/],
    ['a zero byte', 'C1\u0000', /one line of plain text/],
    ['a blank before it', ' C1', /begins or ends with a blank/],
    ['a blank behind it', 'C1 \n', /begins or ends with a blank/],
    ['a whole text', 'C'.repeat(513), /not be longer than 512/],
  ])('that may not be what was meant is refused, without naming it: %s', (_, input, why) => {
    expect(() => customerIn(input)).toThrow(why);
    expect(() => customerIn(input)).not.toThrow(/C1|CCC/);
  });
});

describe('an erasing pod', () => {
  const pod = (status: NonNullable<IPod['status']>): IPod => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'p' },
    status,
  });
  type State = NonNullable<NonNullable<NonNullable<IPod['status']>['containerStatuses']>[number]['state']>;
  const container = (state: State) => [
    { name: 'erase', ready: false, restartCount: 0, image: 'i', imageID: 'i', state },
  ];

  test('is none before there is one', () => expect(standingOf([])).toEqual({ is: 'none' }));

  test('that runs waits for the id, or erases', () =>
    expect(
      standingOf([
        pod({ phase: 'Running', containerStatuses: container({ running: { startedAt: '2026-11-01T00:00:00Z' } }) }),
      ]),
    ).toEqual({ is: 'running', pod: 'p' }));

  test.each([0, 1, 137])('has ended with the code of its program: %i', (exitCode) =>
    expect(
      standingOf([
        pod({
          phase: exitCode === 0 ? 'Succeeded' : 'Failed',
          containerStatuses: container({ terminated: { exitCode, reason: 'OOMKilled' } }),
        }),
      ]),
    ).toEqual({ is: 'ended', pod: 'p', code: exitCode, why: 'OOMKilled' }),
  );

  test('that was ended before its program began is no success', () =>
    expect(standingOf([pod({ phase: 'Failed', reason: 'Evicted', message: 'The node was low on memory' })])).toEqual({
      is: 'ended',
      pod: 'p',
      code: 1,
      why: 'Evicted: The node was low on memory',
    }));

  test('says why it does not run yet', () => {
    const unschedulable = {
      type: 'PodScheduled',
      status: 'False',
      reason: 'Unschedulable',
      message: '0/3 nodes are available',
    } as const;
    expect(standingOf([pod({ phase: 'Pending', conditions: [unschedulable] })])).toEqual({
      is: 'coming',
      why: 'Unschedulable: 0/3 nodes are available',
    });
    const waiting = { reason: 'ImagePullBackOff', message: 'Back-off pulling image "node:24-slim"' };
    expect(standingOf([pod({ phase: 'Pending', containerStatuses: container({ waiting }) })])).toEqual({
      is: 'coming',
      why: 'ImagePullBackOff: Back-off pulling image "node:24-slim"',
    });
    expect(standingOf([pod({ phase: 'Pending' })])).toEqual({ is: 'coming', why: 'Pending' });
  });
});

describe('the log of an erasing pod', () => {
  const line = (message: string): string => JSON.stringify({ 'log.level': 'INFO', message });

  test('has the proof in plain text, wherever the two streams have put it', () => {
    expect(proofIn(`${line('1000 reviews are left')}\n12 reviews erased, none left.\n`)).toBe(
      '12 reviews erased, none left.',
    );
    expect(proofIn(`12 reviews erased, none left.\n${line('ends')}\n`)).toBe('12 reviews erased, none left.');
  });

  test('without such a line proves nothing', () => {
    expect(proofIn('')).toBeUndefined();
    expect(proofIn(`${line('1000 reviews are left')}\n`)).toBeUndefined();
  });

  test('says at its end why it failed', () => {
    expect(wordsIn(`${line('1000 reviews are left')}\n${line('POST /_bulk: HTTP 403')}\n`)).toBe(
      'POST /_bulk: HTTP 403',
    );
    expect(wordsIn('Error: Cannot find module\n')).toBe('Error: Cannot find module');
    expect(wordsIn('')).toBe('');
  });
});
