// What this pod is granted for its end, where somebody has deleted it with less time than it asks for: `kubectl drain
// --grace-period`, an autoscaler. Only seconds count, from the beginning of the hook by the own clock: times of day are
// another machine's. What the API server does not know of, as a kubelet that shuts down, is not seen here.

import { longest, roomFor } from './bounds.ts';
import type { World } from './ports.ts';

interface Granted {
  /** Asks the API server about this pod. What it does not say changes nothing. */
  look(): Promise<void>;
  /** As roomFor() gives it; undefined also while nobody can tell: then the waits are as configured. */
  readonly room: number | undefined;
}

/** `announce`: that the waits are cut, for the log of the main container; that of the agent gets it here. */
export const watchGranted = ({ kubernetes, waits, say }: World, announce: (line: string) => void): Granted => {
  let grace = Number.POSITIVE_INFINITY;
  let unknown = '';

  const tellUnknown = (level: 'INFO' | 'WARN', why: string, detail: string): void => {
    if (grace === Number.POSITIVE_INFINITY && unknown !== why)
      say(level, `how long this pod is granted for its end is not known (${detail}): the waits are as configured`);
    unknown = why;
  };

  const tellCut = (room: number): void => {
    const of = `the pod is granted ${grace} s (deletionGracePeriodSeconds), and Elasticsearch may need`;
    const line =
      room === 0
        ? `nothing is waited for: ${of} ${waits.SHUTDOWN_SECONDS} s to stop`
        : `the waits are cut to ${room} s instead of ${longest(waits)} s: ${of} ${waits.SHUTDOWN_SECONDS} s of them`;
    announce(line);
    say('WARN', line);
  };

  return {
    get room() {
      return roomFor(grace, waits);
    },
    async look() {
      const pod = await kubernetes.pod();
      if (!pod.ok) return tellUnknown('WARN', pod.trouble, pod.detail);
      const { graceSeconds } = pod.value;
      // Its container is started anew in it, or the kubelet ends it for a reason of its own.
      if (graceSeconds === undefined) return tellUnknown('INFO', 'not deleted', 'it is not being deleted');
      // Nobody can make it longer again; a pod of the same name that says so is another one.
      if (graceSeconds >= grace) return;
      grace = graceSeconds;
      const room = roomFor(grace, waits);
      if (room !== undefined) tellCut(room);
    },
  };
};
