// A process that outlives us, told apart from a later one with the same pid by the kernel's start time.
import { readFileSync } from 'node:fs';

export interface ProcessRecord {
  readonly pid: number;
  readonly started: string;
}

export function recordOf(pid: number): ProcessRecord {
  return { pid, started: startTime(pid) ?? 'gone' };
}

export function isRunning({ pid, started }: ProcessRecord): boolean {
  return startTime(pid) === started;
}

/** Asks it to end; kills it if it has not after 20 seconds. */
export async function stopProcess(record: ProcessRecord): Promise<void> {
  for (const [signal, seconds] of [
    ['SIGTERM', 20],
    ['SIGKILL', 10],
  ] as const) {
    if (!isRunning(record)) return;
    process.kill(record.pid, signal);
    const end = Date.now() + seconds * 1000;
    while (isRunning(record) && Date.now() < end) await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Undefined for a process that is gone or a zombie. */
function startTime(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' '); // the command name may hold blanks
    return fields[0] === 'Z' ? undefined : fields[19];
  } catch {
    return undefined;
  }
}
