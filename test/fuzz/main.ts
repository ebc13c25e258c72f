// Fuzzes the function with lists from a grammar and with broken copies of them: npm run fuzz -- [COUNT] [FIRST SEED]
// Every seed gives the same list everywhere; a failure names its seed.
import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { trial } from './trial.ts';

const [count = 100_000, first = 1] = process.argv.slice(2).map(Number);
const shard = process.env['FUZZ_SHARD'];

async function all(): Promise<void> {
  const workers = Math.max(1, Math.min(4, availableParallelism()));
  const size = Math.ceil(count / workers);
  console.log(`Trying ${count} lists, seeds ${first} to ${first + count - 1}, in ${workers} processes`);
  const started = Date.now();
  const codes = await Promise.all(
    Array.from({ length: workers }, (_, i) =>
      worker(first + i * size, Math.min(first + (i + 1) * size, first + count)),
    ),
  );
  const seconds = Math.round((Date.now() - started) / 1000);
  const failed = codes.some((code) => code !== 0);
  console.log(failed ? 'Broken: see above' : `${count} lists in ${seconds} s: nothing lost, nothing else changed`);
  process.exitCode = failed ? 1 : 0;
}

const worker = (from: number, to: number): Promise<number | null> =>
  new Promise((resolve) => {
    const child = spawn(process.execPath, ['--import', 'tsx', __filename], {
      env: { ...process.env, FUZZ_SHARD: `${from} ${to}` },
      stdio: 'inherit',
    });
    child.on('exit', (code, signal) => {
      if (signal !== null) console.error(`seeds ${from} to ${to - 1} were ended by ${signal}`);
      resolve(code);
    });
  });

/** Runs the seeds of one process; the first ten failures are printed. */
function some(range: string): void {
  const [from = 0, to = 0] = range.split(' ').map(Number);
  let failures = 0;
  for (let seed = from; seed < to && failures < 10; seed++) {
    const problems = trial(seed);
    if (problems.length > 0) {
      failures++;
      console.error(`seed ${seed}: ${problems.join('; ')}`);
    }
    if ((seed - from + 1) % 10_000 === 0) console.log(`${seed - from + 1} of ${to - from} from seed ${from}`);
  }
  process.exitCode = failures > 0 ? 1 : 0;
}

if (shard === undefined) void all();
else some(shard);
