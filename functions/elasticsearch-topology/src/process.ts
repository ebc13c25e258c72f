import { fstatSync, readSync, writeSync } from 'node:fs';
import { run } from './run.ts';

const USAGE = `elasticsearch-topology is a KRM function: it reads a ResourceList from standard input and writes it to
standard output. kustomize and kpt call it so; by hand: node elasticsearch-topology.cjs < list.yaml`;

/**
 * The function as a process over three open files, and its exit code: 0 done, 1 the input or the config is wrong, 2 the
 * function itself or its surroundings failed.
 */
export function main(stdin: number, stdout: number, stderr: number): 0 | 1 | 2 {
  const say = (lines: readonly string[]): void => {
    if (lines.length > 0) writeAll(stderr, Buffer.from(`${lines.join('\n')}\n`));
  };
  try {
    const input = fstatSync(stdin);
    // A terminal; asking process.stdin would take longer than all the rest.
    if (input.isCharacterDevice()) {
      say([USAGE]);
      return 1;
    }
    const output = run(readAll(stdin, input.size));
    say(output.stderr);
    for (const piece of output.stdout) writeAll(stdout, piece);
    return output.code;
  } catch (error) {
    const { code, message } = error as Partial<NodeJS.ErrnoException>;
    const defect = `a defect of elasticsearch-topology, please report it: ${String(error)}`;
    say([`error: ${code === undefined ? defect : message}`]);
    return 2;
  }
}

/** All of a file or pipe. A file says how long it is; what a pipe gives is collected in ever larger pieces. */
function readAll(file: number, size: number): Buffer {
  let bytes = Buffer.allocUnsafe(Math.max(size + 1, 1 << 18));
  for (let length = 0; ; ) {
    const [into, from] = [bytes, length];
    length += patiently(() => readSync(file, into, from, into.length - from, null));
    if (length === from) return bytes.subarray(0, length);
    if (length < bytes.length) continue;
    bytes = Buffer.allocUnsafe(length * 4);
    into.copy(bytes);
  }
}

function writeAll(file: number, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length; ) {
    const from = done;
    done += patiently(() => writeSync(file, bytes, from));
  }
}

/** A pipe whose other end does not block may be empty or full for a moment. */
export function patiently(act: () => number): number {
  for (;;) {
    try {
      return act();
    } catch (error) {
      if ((error as Partial<NodeJS.ErrnoException>).code !== 'EAGAIN') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
}
