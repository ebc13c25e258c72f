// The marker "was formed" while its node serves. The account of all pods may write it, and so may whoever has got one
// of their tokens: change it, empty it, or have it deleted (the garbage collector does that where an owner does not
// exist). What is missing the elected master's agent writes anew. What names another cluster is a person's to judge: it
// is said, and no agent overwrites it.

import type { Answer, Trouble } from '../../lib/answer.ts';
import type { World } from './ports.ts';
import type { WaitFor } from './watched.ts';

const MARKER = 'ConfigMap elasticsearch-formed';

/** Of a write: not for a moment. */
const LASTING: ReadonlySet<Trouble> = new Set<Trouble>(['refused', 'forbidden', 'conflict']);

interface Worry {
  readonly waitsFor: WaitFor;
  readonly reason: string;
}

interface MarkerWatch {
  /** `serves`: the cluster that the node belongs to. Asked for by each node that is ready; undefined: all is well. */
  look(serves: string, isMaster: boolean): Promise<Worry | undefined>;
  /** What noting the voters came to. */
  noted(answer: Answer<string>): void;
}

/** `known` is what the marker says. */
export const ofAnother = (serves: string, known: string): string =>
  `this node belongs to cluster ${serves}, but the known cluster is ${known} (${MARKER})`;

export const watchMarker = ({ kubernetes, files, say }: World): MarkerWatch => {
  const told = { marker: '', voters: '' };

  const warn = (about: keyof typeof told, reason: string): void => {
    if (told[about] !== reason && reason !== '') say('WARN', reason);
    told[about] = reason;
  };

  const findOut = async (serves: string, isMaster: boolean): Promise<string> => {
    const mounted = await files.knownCluster();
    if (mounted !== undefined && mounted !== serves) return `somebody has changed it: ${ofAnother(serves, mounted)}`;
    if (!isMaster) return '';
    const known = await kubernetes.formed();
    if (known.ok)
      return known.value.clusterUuid === serves
        ? ''
        : `somebody has changed it: ${ofAnother(serves, known.value.clusterUuid)}`;
    if (known.trouble !== 'absent') return '';
    const done = await kubernetes.markFormed(serves);
    if (!done.ok)
      return LASTING.has(done.trouble) ? `${MARKER} names no cluster, and cannot be written: ${done.detail}` : '';
    say('WARN', `${MARKER} named no cluster any more: wrote ${serves} into it anew`, { decision: 'mark-formed' });
    return '';
  };

  return {
    async look(serves, isMaster) {
      const reason = await findOut(serves, isMaster);
      warn('marker', reason);
      return reason === '' ? undefined : { waitsFor: 'cluster', reason };
    },
    noted(answer) {
      const lasts = !answer.ok && LASTING.has(answer.trouble);
      warn('voters', lasts ? `cannot note in ${MARKER} who votes: ${answer.detail}` : '');
    },
  };
};
