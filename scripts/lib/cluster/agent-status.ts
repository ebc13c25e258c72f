// What the agent of a node says of itself. It is asked by `kubectl exec`, over the socket in its pod, so whoever asks
// needs that right and no port. What could not be asked has a reason, and is no answer.

import type { IPod } from 'kubernetes-models/v1';
import type { Finished } from '../process.ts';
import { fields, NotUnderstood, number, text } from '../shape.ts';
import { kubectl } from './kubectl.ts';
import { containersOf } from './snapshot.ts';

const CONTAINER = 'agent';
/** Longer than show.ts itself waits for the agent. */
const SECONDS = 20;

/** The fields of its status that are shown; durations and ages in seconds. */
export interface AgentStatus {
  readonly phase: string;
  readonly phaseSeconds: number;
  readonly wait: { readonly for: string; readonly reason: string; readonly seconds: number } | undefined;
  /** The last word of a stop that goes on; empty where none does. */
  readonly stopReason: string;
  readonly lookAgeSeconds: { readonly elasticsearch: number; readonly kubernetes: number };
}

export type AskedAgent =
  | { readonly ok: true; readonly status: AgentStatus }
  | { readonly ok: false; readonly why: string };

const no = (why: string): AskedAgent => ({ ok: false, why });

const waitOf = (value: unknown): AgentStatus['wait'] => {
  if (value === null) return undefined;
  const wait = fields(value, 'wait');
  return {
    for: text(wait['for'], 'wait.for'),
    reason: text(wait['reason'], 'wait.reason'),
    seconds: number(wait['seconds'], 'wait.seconds'),
  };
};

/** The answer counts only when it is whole and this pod's. */
export const parseAgentStatus = (pod: string, answer: string): AskedAgent => {
  try {
    const status = fields(JSON.parse(answer), 'status');
    const who = text(status['pod'], 'pod');
    if (who !== pod) return no(`the agent that answers is that of ${who}`);
    const ages = fields(status['lookAgeSeconds'], 'lookAgeSeconds');
    return {
      ok: true,
      status: {
        phase: text(status['phase'], 'phase'),
        phaseSeconds: number(status['phaseSeconds'], 'phaseSeconds'),
        wait: waitOf(status['wait']),
        stopReason: text(fields(status['stop'], 'stop')['reason'], 'stop.reason'),
        lookAgeSeconds: {
          elasticsearch: number(ages['elasticsearch'], 'lookAgeSeconds.elasticsearch'),
          kubernetes: number(ages['kubernetes'], 'lookAgeSeconds.kubernetes'),
        },
      },
    };
  } catch (error) {
    if (error instanceof NotUnderstood)
      return no(`${error.message} as this version knows it: the agent is of another one`);
    if (error instanceof SyntaxError) return no('its answer is cut, or no JSON');
    throw error;
  }
};

/** Why nobody need be asked; undefined where somebody can be. */
export const withoutAgent = (pod: IPod): string | undefined => {
  const known = [...(pod.spec?.initContainers ?? []), ...(pod.spec?.containers ?? [])];
  if (!known.some(({ name }) => name === CONTAINER)) return `the pod has no container ${CONTAINER}`;
  if (pod.spec?.nodeName === undefined || pod.spec.nodeName === '') return 'the pod is on no Kubernetes node yet';
  const state = containersOf(pod).find(({ name }) => name === CONTAINER)?.state;
  if (state?.running !== undefined) return undefined;
  const why = state?.terminated?.reason ?? state?.waiting?.reason;
  return `its container ${CONTAINER} does not run${why === undefined ? '' : ` (${why})`}`;
};

/** Why kubectl brought no answer, in its own words where it has some. */
export const whyUnanswered = ({ code, stdout, stderr }: Finished, seconds: number): string => {
  if (code === 124) return `no answer within ${seconds} s`;
  const lines = `${stderr}\n${stdout}`.split('\n').map((line) => line.trim());
  const said = lines.filter((line) => line !== '' && !line.startsWith('command terminated with exit code')).join(' ');
  const forbidden = /\(Forbidden\):.* is forbidden: (.*)$/.exec(said)?.[1];
  if (forbidden !== undefined) return `forbidden: ${forbidden}`;
  // A program that is not there fails with a page of stack.
  return said === '' ? `kubectl ended with exit code ${code} and no word` : said.slice(0, 300);
};

/** A pod that can't be asked is an answer, too: this never fails for one. */
export const askAgent = async (namespace: string, pod: IPod): Promise<AskedAgent> => {
  const name = pod.metadata?.name ?? '';
  const without = withoutAgent(pod);
  if (without !== undefined) return no(without);
  const program = ['node', '/opt/elasticsearch/agent/show.ts', 'status'];
  const done = await kubectl(['-n', namespace, 'exec', name, '-c', CONTAINER, '--', ...program], { seconds: SECONDS });
  return done.code === 0 ? parseAgentStatus(name, done.stdout) : no(whyUnanswered(done, SECONDS));
};
