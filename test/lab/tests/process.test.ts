import { describe, expect, test } from '@jest/globals';
import { bash } from './bash.ts';

const paths = 'mkdir -p "$RUN" "$LOG"';

describe('background processes', () => {
  test('one that was started is known by its pid file, and stopped by it', () => {
    expect(
      bash(
        ['process'],
        `
      spawn pid log sleep 60
      running pid && echo runs
      stop pid
      running pid || echo gone
      ls`,
      ).out.split('\n'),
    ).toEqual(['runs', 'gone', 'log']);
  });

  test('the children end with it, and so does one that ignores a polite request', () => {
    expect(
      bash(
        ['process'],
        `
      spawn pid log bash -c 'trap "" TERM; sleep 61 & echo $! > child; wait; sleep 62'
      wait_for 5 child test -s child
      stop pid
      start_time "$(cat child)" || echo gone`,
      ).out,
    ).toBe('gone');
  });

  test('another process that got the same pid meanwhile is not taken for ours, and is left alone', () => {
    expect(
      bash(
        ['process'],
        `
      sleep 60 &
      echo "$! 12345" > pid
      running pid || echo "not ours"
      stop pid
      start_time $! > /dev/null && echo "still there"
      kill $!`,
      ).out.split('\n'),
    ).toEqual(['not ours', 'still there']);
  });

  test('a zombie does not count as running', () => {
    expect(
      bash(
        ['process'],
        `
      (sleep 0 & echo $! > pid; exec sleep 5) &
      wait_for 5 pid test -s pid
      sleep 0.3
      grep -q zombie "/proc/$(cat pid)/status"
      start_time "$(cat pid)" || echo "not running"
      kill $!`,
      ).out,
    ).toBe('not running');
  });

  test('the same command again is left running; with other arguments it is restarted', () => {
    expect(
      bash(
        ['process'],
        `${paths}
      ensure x sleep 60; first=$(pid_of "$RUN/x.pid")
      ensure x sleep 60; second=$(pid_of "$RUN/x.pid")
      ensure x sleep 61; third=$(pid_of "$RUN/x.pid")
      [ "$first" = "$second" ] && echo kept
      [ "$second" != "$third" ] && echo restarted
      stop "$RUN/x.pid"`,
      ).out.split('\n'),
    ).toEqual(['kept', 'restarted']);
  });

  test('a wait that ends without success says what it waited for', () => {
    expect(bash([], 'wait_for 1 "a wonder" false')).toEqual({
      code: 1,
      out: '',
      err: 'lab: timed out waiting for a wonder',
    });
  });
});
