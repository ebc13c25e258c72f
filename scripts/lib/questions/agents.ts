// Does the agent beside each node answer, and has it heard of its node and of the API server lately?

import type { NodeStatus } from '../cluster/status.ts';
import { unless, type Verdict } from './verdict.ts';

export const AGENTS = 'the agent of each node is heard';
/** One that serves looks every 30 s. */
const OLD_SECONDS = 120;

const against = ({ pod, asked }: NodeStatus): readonly string[] => {
  if (!asked.ok) return [`${pod} could not be asked: ${asked.why}`];
  const { phase, lookAgeSeconds, wait } = asked.status;
  const old = Object.entries(lookAgeSeconds).flatMap(([whom, seconds]) =>
    seconds > OLD_SECONDS ? [`${pod} has heard nothing of ${whom} for ${Math.round(seconds)} s`] : [],
  );
  if (phase !== 'serving') return [`${pod} is ${phase}${wait === undefined ? '' : `: ${wait.reason}`}`];
  return wait === undefined ? old : [...old, `${pod} waits: ${wait.reason}`];
};

export const agentsVerdict = (nodes: readonly NodeStatus[], wanted: readonly string[]): Verdict => {
  const missing = wanted.filter((pod) => !nodes.some((node) => node.pod === pod)).map((pod) => `there is no ${pod}`);
  return unless(AGENTS, [...missing, ...nodes.flatMap(against)], nodes.map(({ pod }) => pod).join(', '));
};
