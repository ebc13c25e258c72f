import { describe, expect, test } from '@jest/globals';
import {
  allStop,
  decideTurn,
  FRESH_SECONDS,
  type Registers,
  type TurnFacts,
  watch,
} from '../../base/elasticsearch/agent/turn.ts';
import { pod } from './support/pictures.ts';

const NOW = 10_000;
const registers = (values: Readonly<Record<number, string>>, age = 10, changes = 1): Registers =>
  new Map(Object.entries(values).map(([n, value]) => [pod(Number(n)), { value, since: NOW - age, changes }]));

const facts = (change: Partial<TurnFacts> = {}): TurnFacts => ({
  pod: pod(1),
  set: 'elasticsearch',
  registers: new Map(),
  written: undefined,
  unsureUntil: 0,
  now: NOW,
  readAt: NOW,
  leaseSeconds: 300,
  gone: () => false,
  ...change,
});

const goes = { value: 'goes a-1 start', stage: 'goes', at: NOW - 5 } as const;
const claimed = { registers: registers({ 1: goes.value }), written: goes };

describe('the turn of one node', () => {
  test('is claimed first, and held when the own claim is seen and no other one', () => {
    expect(decideTurn(facts())).toMatchObject({ do: 'write', stage: 'goes' });
    expect(decideTurn(facts(claimed))).toEqual({ do: 'hold' });
  });

  test('is not held while the own claim is not seen: what is read may be older than it', () => {
    expect(decideTurn(facts({ written: goes }))).toMatchObject({ do: 'write', stage: 'goes' });
    expect(decideTurn(facts({ written: goes, registers: registers({ 1: 'goes a-0 start' }) }))).toMatchObject({
      do: 'write',
    });
  });

  test('is claimed anew before the claim is old', () => {
    const old = { ...goes, at: NOW - FRESH_SECONDS };
    expect(decideTurn(facts({ ...claimed, written: old }))).toMatchObject({ do: 'write', stage: 'goes' });
  });

  test('is not held while an earlier write may still come, nor by a picture from before', () => {
    expect(decideTurn(facts({ ...claimed, unsureUntil: NOW + 1 }))).toMatchObject({ do: 'wait' });
    expect(decideTurn(facts({ ...claimed, unsureUntil: NOW - 1, readAt: NOW - 2 }))).toMatchObject({ do: 'wait' });
    expect(decideTurn(facts({ ...claimed, unsureUntil: NOW - 1, readAt: NOW - 1 }))).toEqual({ do: 'hold' });
  });

  test.each(['goes b-7 start', 'something of a later version', ''])(
    'is not held while another one has claimed it: "%s"',
    (value) => {
      const both = registers({ 1: goes.value, 2: value });
      expect(decideTurn(facts({ ...claimed, registers: both }))).toEqual({
        do: 'write',
        stage: 'wants',
        reason: 'waiting: elasticsearch-2 restarts',
      });
    },
  );

  test('goes to the lowest ordinal of those that want it, by number', () => {
    const wants = (n: number) => ({ registers: registers({ [n]: 'wants b-1 start' }), pod: pod(9) });
    expect(decideTurn(facts(wants(8)))).toMatchObject({
      do: 'write',
      stage: 'wants',
      reason: 'waiting: elasticsearch-8 comes first',
    });
    expect(decideTurn(facts(wants(10)))).toMatchObject({ do: 'write', stage: 'goes' });
  });

  test('once claimed, does not yield to a wish, also of one that would have come first', () => {
    const wished = registers({ 0: 'wants b-1 start', 1: goes.value });
    expect(decideTurn(facts({ ...claimed, registers: wished }))).toEqual({ do: 'hold' });
    const old = { ...goes, at: NOW - FRESH_SECONDS };
    expect(decideTurn(facts({ ...claimed, registers: wished, written: old }))).toMatchObject({ stage: 'goes' });
  });

  test('is not barred by one that only is being stopped', () => {
    expect(decideTurn(facts({ registers: registers({ 0: 'stops b-1 start' }) }))).toMatchObject({
      do: 'write',
      stage: 'goes',
    });
  });

  test('is not barred by a register that has not changed for as long as a lease, or whose node is gone', () => {
    const old = registers({ 2: 'goes b-1 start' }, 300);
    expect(decideTurn(facts({ registers: old }))).toMatchObject({ stage: 'goes' });
    const fresh = registers({ 2: 'goes b-1 start' }, 299);
    expect(decideTurn(facts({ registers: fresh }))).toMatchObject({ stage: 'wants' });
    expect(decideTurn(facts({ registers: fresh, gone: (other) => other === pod(2) }))).toMatchObject({ stage: 'goes' });
  });

  test('is waited for without a write at each look', () => {
    const rival = { registers: registers({ 2: 'goes b-1 start' }) };
    const wants = (age: number) => ({
      ...rival,
      written: { value: 'wants a-1 start', stage: 'wants', at: NOW - age } as const,
    });
    expect(decideTurn(facts(wants(59)))).toMatchObject({ do: 'wait' });
    expect(decideTurn(facts(wants(60)))).toMatchObject({ do: 'write', stage: 'wants' });
  });
});

describe('registers', () => {
  test('are as old as this agent has known their values', () => {
    const note = (value: string) =>
      new Map([
        ['turn.elasticsearch-2', value],
        ['votes', 'x'],
      ]);
    const first = watch(new Map(), note('goes a'), 100);
    expect([...first]).toEqual([[pod(2), { value: 'goes a', since: 100, changes: 0 }]]);
    const same = watch(first, note('goes a'), 200);
    expect(same.get(pod(2))).toEqual({ value: 'goes a', since: 100, changes: 0 });
    expect(watch(same, note('goes b'), 300).get(pod(2))).toEqual({ value: 'goes b', since: 300, changes: 1 });
    expect(watch(same, new Map(), 300).size).toBe(0);
  });

  test('tell that all are being stopped only when each was seen to change lately', () => {
    const others = [pod(0), pod(2)];
    expect(allStop(others, registers({ 0: 'stops a', 2: 'wants b' }), NOW)).toBe(true);
    expect(allStop(others, registers({ 0: 'stops a' }), NOW)).toBe(false);
    expect(allStop(others, registers({ 0: 'stops a', 2: 'wants b' }, 10, 0), NOW)).toBe(false);
    expect(allStop(others, registers({ 0: 'stops a', 2: 'wants b' }, 200), NOW)).toBe(false);
  });
});
