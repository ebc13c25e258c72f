import { describe, expect, test } from '@jest/globals';
import {
  attemptsBegin,
  attemptsEnd,
  networkBegin,
  networkEnd,
  withAttempts,
  withNetwork,
} from '../harness/attempts.ts';

const document = `before\n${attemptsBegin}\n${attemptsEnd}\nbetween\n${networkBegin}\n${networkEnd}\nafter\n`;
const order = ['first', 'second'];

describe('The table of attempts', () => {
  const once = withAttempts(document, [{ scenario: 'second', what: 'a|b', answer: '403' }], order);

  test('holds a line for each attempt, and leaves the rest of the document alone', () => {
    expect(once).toBe(
      document.replace(
        attemptsBegin,
        `${attemptsBegin}\n| scenario | attempt | answer |\n|---|---|---|\n| second | a/b | 403 |`,
      ),
    );
  });

  test('keeps the lines of scenarios that did not run, in the order of the suite', () => {
    const twice = withAttempts(once, [{ scenario: 'first', what: 'x', answer: '401' }], order);
    expect(twice.split('\n').filter((line) => /^\| (first|second)/.test(line))).toEqual([
      '| first | x | 401 |',
      '| second | a/b | 403 |',
    ]);
  });

  test('drops the lines of scenarios that are no more, and replaces old ones', () => {
    const again = withAttempts(once, [{ scenario: 'second', what: 'new', answer: '1' }], ['second']);
    expect(again).toContain('| second | new | 1 |');
    expect(again).not.toContain('a/b');
    expect(withAttempts(once, [{ scenario: 'first', what: 'x', answer: '1' }], ['first'])).not.toContain('second');
  });

  test('needs its marks', () => {
    expect(() => withAttempts('', [{ scenario: 'first', what: 'x', answer: '1' }], order)).toThrow(
      'the document must hold',
    );
  });
});

describe('The table of the network', () => {
  test('is replaced as a whole, when it was measured', () => {
    const measured = withNetwork(document, [
      ['from', 'DNS'],
      ['a', 'open'],
    ]);
    expect(measured).toContain(`${networkBegin}\n| from | DNS |\n| --- | --- |\n| a | open |\n${networkEnd}`);
    expect(withNetwork(measured, undefined)).toBe(measured);
  });
});
