import { fstatSync, readSync, writeSync } from 'node:fs';
import { run } from './run.ts';

const USAGE = `elasticsearch-topology is a KRM function: it reads a ResourceList from standard input and writes it to
standard output. kustomize and kpt call it so; by hand: node elasticsearch-topology.cjs < list.yaml`;

/** The function as a process. Exit codes: 0 done, 1 the input or the config is wrong, 2 a defect of the function. */
export function main(): void {
  try {
    // A terminal; asking process.stdin would cost more than all the rest.
    if (fstatSync(0).isCharacterDevice()) {
      say([USAGE]);
      process.exitCode = 1;
      return;
    }
    const { code, stdout, stderr } = run(readAll(0));
    say(stderr);
    for (const piece of stdout) writeAll(1, piece);
    process.exitCode = code;
  } catch (error) {
    say([`error: this is a defect of elasticsearch-topology, please report it: ${String(error)}`]);
    process.exitCode = 2;
  }
}

const say = (lines: readonly string[]): void => {
  if (lines.length > 0) writeAll(2, Buffer.from(`${lines.join('\n')}\n`));
};

function readAll(file: number): Uint8Array {
  const chunks: Uint8Array[] = [];
  for (;;) {
    const chunk = Buffer.allocUnsafe(1 << 16);
    const length = patiently(() => readSync(file, chunk));
    if (length === 0) return Buffer.concat(chunks);
    chunks.push(chunk.subarray(0, length));
  }
}

function writeAll(file: number, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length;) {
    const from = done;
    done += patiently(() => writeSync(file, bytes, from));
  }
}

/** A pipe whose other end does not block may be empty or full for a moment. */
function patiently(act: () => number): number {
  for (;;) {
    try {
      return act();
    } catch (error) {
      if ((error as { code?: string }).code !== 'EAGAIN') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
}
