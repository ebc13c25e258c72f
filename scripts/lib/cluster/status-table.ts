// The look at all nodes as people read it at night: a line a pod, also for one that is missing or could not be asked.

import type { AgentStatus } from './agent-status.ts';
import type { ClusterStatus, NodeStatus } from './status.ts';

const HEAD = ['POD', 'KUBERNETES NODE', 'READY', 'PHASE', 'SINCE', 'WAITS FOR', 'SINCE', 'WHY'] as const;
const NONE = '-';
/** An agent that serves looks every 30 s. */
const OLD_SECONDS = 120;

const UNITS = [
  ['d', 86_400],
  ['h', 3600],
  ['m', 60],
  ['s', 1],
] as const;

/** The two largest units, as kubectl writes ages: 2d3h, 12m5s. */
export const duration = (seconds: number): string => {
  const whole = Math.max(0, Math.round(seconds));
  const from = UNITS.findIndex(([, size]) => whole >= size);
  let rest = whole;
  const parts = UNITS.slice(from < 0 ? UNITS.length - 1 : from, from + 2).map(([unit, size]) => {
    const count = Math.floor(rest / size);
    rest -= count * size;
    return count > 0 ? `${count}${unit}` : '';
  });
  return parts.join('') || '0s';
};

const ago = (seconds: number): string => `${duration(seconds)} ago`;

const stale = ({ phase, lookAgeSeconds: { elasticsearch, kubernetes } }: AgentStatus): readonly string[] => [
  // Before Elasticsearch has started there is nothing to look at; what is missing then is what it waits for.
  ...(elasticsearch > OLD_SECONDS && phase !== 'preparing' && phase !== 'starting'
    ? [`last good answer of Elasticsearch ${ago(elasticsearch)}`]
    : []),
  ...(kubernetes > OLD_SECONDS ? [`last good answer of the API server ${ago(kubernetes)}`] : []),
];

const row = ({ pod, kubernetesNode, ready, terminating, asked }: NodeStatus): readonly string[] => {
  const begin = [pod, kubernetesNode || NONE, `${ready ? 'yes' : 'no'}${terminating ? ', terminating' : ''}`];
  if (!asked.ok) return [...begin, 'not known', NONE, NONE, NONE, `could not be asked: ${asked.why}`];
  const { status } = asked;
  const { phase, phaseSeconds, wait, stopReason } = status;
  const why = [wait?.reason ?? stopReason, ...stale(status)].filter((part) => part !== '').join('; ');
  const waits = wait === undefined ? [NONE, NONE] : [wait.for, ago(wait.seconds)];
  return [...begin, phase, ago(phaseSeconds), ...waits, why];
};

const missing = (pod: string): readonly string[] => [
  pod,
  NONE,
  'no',
  'no pod',
  NONE,
  NONE,
  NONE,
  'wanted, but not there',
];

const aligned = (rows: readonly (readonly string[])[]): readonly string[] => {
  const widths = HEAD.map((_, i) => Math.max(...rows.map((cells) => cells[i]?.length ?? 0)));
  return rows.map((cells) =>
    cells
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join('  ')
      .trimEnd(),
  );
};

const healthText = ({ health }: ClusterStatus): string => {
  if (health === undefined) return 'how the cluster is could not be asked of any pod that is ready';
  const { status, number_of_nodes: nodes, unassigned_shards, initializing_shards, relocating_shards } = health;
  const shards = [
    [unassigned_shards, 'unassigned'],
    [initializing_shards, 'recovering'],
    [relocating_shards, 'moving'],
  ] as const;
  const rest = shards
    .filter(([count]) => count > 0)
    .map(([count, what]) => `, ${count} ${count === 1 ? 'shard' : 'shards'} ${what}`);
  return `cluster ${status}, ${nodes} ${nodes === 1 ? 'node' : 'nodes'}${rest.join('')}`;
};

export const statusLines = (look: ClusterStatus): readonly string[] => {
  const { namespace, statefulSet, wanted, nodes, causes } = look;
  if (wanted === undefined && nodes.length === 0)
    return [`There is no StatefulSet ${statefulSet} in namespace ${namespace}, and no pod of it`];
  const there = new Set(nodes.map(({ pod }) => pod));
  const absent = (wanted ?? []).filter((pod) => !there.has(pod));
  const ready = nodes.filter((node) => node.ready).length;
  const of = wanted === undefined ? 'the StatefulSet is gone' : `${wanted.length} wanted`;
  return [
    `Namespace ${namespace}: ${ready} of ${nodes.length} pods ready, ${of}; ${healthText(look)}`,
    '',
    ...aligned([HEAD, ...nodes.map(row), ...absent.map(missing)]),
    ...(causes.length === 0
      ? []
      : ['', 'What holds pods up, as Kubernetes tells it:', ...causes.map((cause) => `- ${cause}`)]),
  ];
};

/** Those whose agent could not be asked: the table says why. */
export const unasked = ({ nodes }: ClusterStatus): readonly string[] =>
  nodes.filter(({ asked }) => !asked.ok).map(({ pod }) => pod);
