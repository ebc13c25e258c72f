// What the function costs: npm run bench. Only ratios are printed, each of two commands that took turns in this run.
// Exits with 1 where one is worse than what is promised; on a machine with more to do than it has processors, the one
// that compares two very short runs is printed only: the longer of them is interrupted more often.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { goTool } from './go-tools.ts';
import { longList, prodList } from './lists.ts';

const bundle = join(__dirname, '../../functions/elasticsearch-topology/dist/elasticsearch-topology.cjs');
const [node, measure, kyaml] = [process.execPath, goTool('measure'), goTool('kyaml-identity')];
const functionCommand = [node, bundle];
const folder = mkdtempSync(join(tmpdir(), 'bench-'));

interface Measured {
  readonly seconds: number;
  readonly bytes: number;
}

function run(input: string, command: readonly string[]): Measured {
  const { status, stdout, stderr } = spawnSync(measure, [input, ...command], { encoding: 'utf8', timeout: 300_000 });
  if (status !== 0) throw new Error(`${command.join(' ')} failed: ${stderr}`);
  return JSON.parse(stdout) as Measured;
}

const median = (numbers: readonly number[]): number => [...numbers].sort((a, b) => a - b)[numbers.length >> 1] ?? NaN;

/**
 * The mean of the fastest tenth, at least one: those that were disturbed least, without hanging on a single lucky one.
 */
const fastest = (numbers: readonly number[]): number => {
  const best = [...numbers].sort((a, b) => a - b).slice(0, Math.ceil(numbers.length / 10));
  return best.reduce((sum, number) => sum + number, 0) / best.length;
};

/** Ratios of a command's time and memory to another's, of so many runs in which they took turns. */
function compare(
  times: number,
  of: (numbers: readonly number[]) => number,
  one: () => Measured,
  other: () => Measured,
): { time: number; memory: number } {
  const pairs = Array.from({ length: times }, () => [one(), other()] as const);
  const ratio = (key: keyof Measured): number => of(pairs.map(([a]) => a[key])) / of(pairs.map(([, b]) => b[key]));
  return { time: ratio('seconds'), memory: ratio('bytes') };
}

function list(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

let worse = 0;
function report(what: string, ratio: number, most: number, digits = 2, judged = true): void {
  // As it is printed: more digits than that are noise.
  const good = Number(ratio.toFixed(digits)) <= most;
  if (!good && judged) worse++;
  const verdict = good ? 'ok   ' : judged ? 'WORSE' : 'busy ';
  console.log(`${verdict} ${what}: ${ratio.toFixed(digits)} (at most ${most.toFixed(digits)})`);
}

try {
  const prod = list('prod', prodList());
  // Of two that take so little, whatever else the machine does decides; the fastest runs were disturbed least.
  const isQuiet = (loadavg()[0] ?? 0) <= availableParallelism();
  const start = compare(
    101,
    fastest,
    () => run(prod, functionCommand),
    () => run(prod, [node, '-e', '0']),
  );
  report(
    'prod overlay, time as a multiple of `node -e 0`, the fastest tenth of 101 runs each',
    start.time,
    // js-yaml alone, reading nothing but the StatefulSet, takes 1.3: code that runs once is not compiled.
    1.5,
    1,
    isQuiet,
  );

  const long = list('10000', longList(10_000));
  const go = compare(
    7,
    fastest,
    () => run(long, functionCommand),
    () => run(long, [kyaml]),
  );
  const size = `10,000 resources, ${(statSync(long).size / 1e6).toFixed(1)} MB, two concerned`;
  report(
    `${size}: time as a part of kyaml's in Go, the fastest of 7 runs each (1/${(1 / go.time).toFixed(1)})`,
    go.time,
    // `node -e 0` alone takes 1/23 of it.
    1 / 15,
    3,
  );
  report(`${size}: memory as a part of kyaml's in Go (1/${(1 / go.memory).toFixed(1)})`, go.memory, 1 / 12, 3);

  // What grows is what is left when the start of node is taken away.
  const own = (input: string): number =>
    median(
      Array.from({ length: 9 }, () => run(input, functionCommand).seconds - run(input, [node, '-e', '0']).seconds),
    );
  const [small, medium, large] = [1_000, 10_000, 50_000].map((count) => own(list(String(count), longList(count)))) as [
    number,
    number,
    number,
  ];
  report('50,000 resources, time beyond the start of node as a multiple of that for 10,000', large / medium, 7.5, 1);
  report('10,000 resources, time beyond the start of node as a multiple of that for 1,000', medium / small, 10, 1);
  report('size of the bundle in kB', statSync(bundle).size / 1000, 60, 1);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exitCode = worse > 0 ? 1 : 0;
