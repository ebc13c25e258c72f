// What the example client does with names while a DNS server is silent.
import { lookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { rememberNames } from '../../examples/src/names.ts';

type Tell = Parameters<LookupFunction>[2];

const gone = Object.assign(new Error('getaddrinfo EAI_AGAIN elasticsearch'), { code: 'EAI_AGAIN' });

/** A DNS server that answers when the test says so. */
const server = (): { ask: LookupFunction; asked: Tell[] } => {
  const asked: Tell[] = [];
  return { asked, ask: (_name, _options, tell) => asked.push(tell) };
};

/** One that was told 10.0.0.1 before. */
const knowing = (): { find: LookupFunction; asked: Tell[]; told: ReturnType<typeof jest.fn<Tell>> } => {
  const { ask, asked } = server();
  const find = rememberNames(ask);
  find('elasticsearch', {}, () => undefined);
  asked[0]?.(null, '10.0.0.1', 4);
  return { find, asked, told: jest.fn<Tell>() };
};

describe('a name that is looked up', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  test('gets the new answer where one comes in time', () => {
    const { ask, asked } = server();
    const find = rememberNames(ask);
    const told = jest.fn<Tell>();
    find('elasticsearch', {}, told);
    asked[0]?.(null, '10.0.0.1', 4);
    find('elasticsearch', {}, told);
    jest.advanceTimersByTime(199);
    asked[1]?.(null, '10.0.0.2', 4);
    jest.advanceTimersByTime(1000);
    expect(told.mock.calls).toEqual([
      [null, '10.0.0.1', 4],
      [null, '10.0.0.2', 4],
    ]);
  });

  test('gets the last answer where none comes, once, and asks no second time meanwhile', () => {
    const { find, asked, told } = knowing();
    for (const _ of [1, 2, 3]) find('elasticsearch', {}, told);
    jest.advanceTimersByTime(200);
    expect(told.mock.calls).toEqual(Array.from({ length: 3 }, () => [null, '10.0.0.1', 4]));
    expect(asked).toHaveLength(2);
    asked[1]?.(null, '10.0.0.2', 4);
    expect(told).toHaveBeenCalledTimes(3);
    find('elasticsearch', {}, told);
    jest.advanceTimersByTime(200);
    expect(told).toHaveBeenLastCalledWith(null, '10.0.0.2', 4);
  });

  test('gets the last answer in place of an error', () => {
    const { find, asked, told } = knowing();
    find('elasticsearch', {}, told);
    asked[1]?.(gone, '');
    expect(told.mock.calls).toEqual([[null, '10.0.0.1', 4]]);
  });

  test('waits for as long as it takes where nothing is known, and tells the error', () => {
    const { ask, asked } = server();
    const find = rememberNames(ask);
    const told = jest.fn<Tell>();
    find('elasticsearch', {}, told);
    find('kibana', {}, told);
    find('elasticsearch', { all: true }, told);
    expect(asked).toHaveLength(3);
    jest.advanceTimersByTime(60_000);
    expect(told).not.toHaveBeenCalled();
    asked[0]?.(gone, '');
    expect(told.mock.calls).toEqual([[gone, '']]);
  });
});

test('is looked up as the system does where nothing else is said', async () => {
  const find = (with_: LookupFunction): Promise<unknown> =>
    new Promise((resolve) => with_('localhost', { all: true }, (...answer) => resolve(answer)));
  expect(await find(rememberNames())).toEqual(await find(lookup));
});
