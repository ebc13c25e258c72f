// A program that hangs: whoever passes its last words on passes on that it did.
import { expect, test } from '@jest/globals';
import { reasonOf } from '../../scripts/lib/cluster/kubectl.ts';
import { run } from '../../scripts/lib/process.ts';

test('a program that was killed for its time says so, behind its own words', async () => {
  const done = await run('bash', ['-c', 'echo begun >&2; exec sleep 60'], { seconds: 1 });
  expect(done).toEqual({ code: 124, stdout: '', stderr: 'begun\nbash did not end within 1 s, and was killed\n' });
  const silent = await run('sleep', ['60'], { seconds: 1 });
  expect(reasonOf(new Error(`kubectl get nodes failed:\n${silent.stderr.trim()}`))).toBe(
    'sleep did not end within 1 s, and was killed',
  );
});

test('a program that ends in its time has its own words alone', async () => {
  expect(await run('bash', ['-c', 'echo no >&2; exit 3'], { seconds: 60 })).toEqual({
    code: 3,
    stdout: '',
    stderr: 'no\n',
  });
});
