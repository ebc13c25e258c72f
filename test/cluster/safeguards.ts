// What keeps the cluster up, and for each of them the scenario that fails without it. So no scenario can pass for
// another reason than the one it is there for.
import { anyOf } from './harness/any-of.ts';
import { edited } from './harness/edited.ts';
import { baseAgent, baseLifecycle, baseSettings, type Change } from './harness/render.ts';
import type { Scenario } from './harness/scenario.ts';
import { scenarios } from './scenarios/index.ts';

export interface Safeguard {
  readonly name: string;
  /** For the table in docs/availability.md: what is taken away. */
  readonly what: string;
  readonly without: Change;
  readonly scenario: string;
  /** What the scenario must say; another failure would prove nothing. */
  readonly fails: RegExp;
}

const container = (fields: object): Change => ({
  patches: [{ spec: { template: { spec: { containers: [{ name: 'elasticsearch', ...fields }] } } } }],
});

/** Of the agent, which reads all waits. */
const variable = (name: string, value: string): Change => ({
  patches: [{ spec: { template: { spec: { initContainers: [{ name: 'agent', env: [{ name, value }] }] } } } }],
});

const settings = (pattern: RegExp): Change => ({ elasticsearchYml: edited(baseSettings(), pattern, '') });
const agent = (name: string, pattern: RegExp, replacement: string): Change => ({
  agent: { [name]: edited(baseAgent(name), pattern, replacement) },
});

const lifecycle = (name: string, pattern: RegExp, replacement: string): Change => ({
  lifecycle: { [name]: edited(baseLifecycle(name), pattern, replacement) },
});

const tooLong = /longest write gap must be at most 6 s, but was [\d.]+ s/;
const noticed = /an operation that clients must not notice, but [^:]+/;
const twoAway = anyOf(/one of three nodes may be away at a time, but the client saw a cluster of [01]/, noticed);
const wentOn = anyOf(
  /the roll-out went on past elasticsearch-0 and took the quorum/,
  /the client saw a cluster of 1/,
  noticed,
);

export const safeguards: readonly Safeguard[] = [
  {
    name: 'flags-that-every-jvm-takes',
    what: "the log of garbage collections lies below a folder that the launcher's JVMs do not have (file=logs/gc.log)",
    without: agent('jvm-options.ts', /file=gc\.log/, 'file=logs/gc.log'),
    scenario: 'first-start',
    // as users see it: make deploy shows the same causes
    fails: /container elasticsearch: ended with exit code 70:[^]*?Error opening log file 'logs\/gc\.log'/,
  },
  {
    name: 'wait-until-spared',
    what: 'a node stops without waiting until the cluster can spare it (PRE_STOP_SPARE_SECONDS=0)',
    without: variable('PRE_STOP_SPARE_SECONDS', '0'),
    // where no turn holds it back: who is missing holds none
    scenario: 'broken-roll-out-gate-off',
    fails: wentOn,
  },
  {
    name: 'one-restart-at-a-time',
    what: 'nodes take no turns: each has it when it asks',
    without: agent(
      'turn-keeper.ts',
      /^    ask: \(picture, readAt, gone\) => .*$/m,
      '    ask: async () => ({ held: true }),',
    ),
    scenario: 'two-restarts',
    fails: noticed,
  },
  {
    name: 'turn-in-the-cluster',
    what: 'nodes take turns by the Lease of the API server alone, as before there were agents',
    without: agent(
      'turn-keeper.ts',
      /^    const turn = decideTurn[^]*?^    return written !== undefined[^]*?;$/m,
      '    return askLease(gone, readAt, true);',
    ),
    scenario: 'no-api-server',
    fails: twoAway,
  },
  {
    name: 'lease-beside-the-turn',
    what: 'nodes take turns in the cluster alone, which hooks of the previous version do not know',
    without: agent('turn-keeper.ts', /^    const lease = await askLease\(gone, readAt, true\);\n.*$/m, ''),
    scenario: 'clock-ahead',
    fails: /the holder as a reason did not come true/,
  },
  {
    name: 'agent-started-again',
    what: "the agent's container ends with the agent (run.sh without its loop)",
    without: agent('run.sh', /^  sleep 1$/m, '  exit "$code"'),
    scenario: 'agents-killed',
    fails: /elasticsearch-\d[^]*? left the Service when all agents were killed/,
  },
  {
    name: 'readiness-of-the-node-alone',
    what: 'a node that was admitted is ready only while its agent answers',
    without: lifecycle(
      'ready.sh',
      /^# The port is open while the node has a master\.$/m,
      'curl -s -o /dev/null -m 5 --unix-socket "$agent/agent.sock" http://agent/status || exit 1\n$&',
    ),
    scenario: 'agents-killed',
    // When the killed ones are slow to be back, or at the latest where none runs.
    fails: /elasticsearch-\d[^]*? left the Service (?:when all agents were killed|while no agent ran)/,
  },
  {
    name: 'waits-within-the-grace',
    what: 'a node waits for as long as it is configured to, whatever its pod is granted',
    without: agent('bounds.ts', /^  return room < longest\(waits\) \? room : undefined;$/m, '  return undefined;'),
    scenario: 'short-grace',
    // Its kubelet still grants two seconds after the hook, in which this small node ends by itself: the margin tells.
    fails: /Expected: >= 5\s+Received: +-?\d/,
  },
  {
    name: 'quorum-without-me',
    what: 'a node that stops looks at shards only, not at the votes of those that stay',
    without: agent('spare.ts', /^(const quorumWithoutMe = .*=>)$/m, '$1 true ||'),
    scenario: 'broken-roll-out-gate-off',
    fails: wentOn,
  },
  {
    name: 'data-moves-first',
    what: 'a node that leaves for good does not move its shards (PRE_STOP_MOVE_SECONDS=0)',
    without: variable('PRE_STOP_MOVE_SECONDS', '0'),
    scenario: 'scaling',
    fails: anyOf(
      /nodes that left for good left shards without a copy for \d+ ms/,
      noticed,
      /not green after \d+ s: .* red, 3 nodes/,
    ),
  },
  {
    name: 'votes-first',
    what: 'a node that leaves for good does not give up its vote',
    without: agent('leave.ts', /^async function giveUpVotes\([^]*?\{$/m, '$&\n  return undefined;'),
    scenario: 'scaling-to-one',
    fails: /a cluster of one node, with a master did not come true/,
  },
  {
    name: 'no-farewell-without-a-master',
    what: 'a node that leaves for good goes after 30 s where no master is elected, as one that restarts does',
    without: agent('bounds.ts', /if \(way === 'restart' && curable && known === 'harmless'\)/, 'if (curable)'),
    scenario: 'scaling-held-back',
    fails: /of elasticsearch-3 and elasticsearch-4, only these have stayed: \S+/,
  },
  {
    name: 'recovery-before-ready',
    what: 'a node is ready as soon as it has joined (READY_RECOVERY_SECONDS=0)',
    without: variable('READY_RECOVERY_SECONDS', '0'),
    scenario: 'slow-recovery',
    fails: /elasticsearch-1 may be evicted before elasticsearch-0 is back: the cluster is \w+ with \d nodes/,
  },
  {
    name: 'bounded-wait-for-recovery',
    what: 'a node waits for copies that nobody can make (READY_STALL_SECONDS=3600)',
    without: variable('READY_STALL_SECONDS', '3600'),
    scenario: 'yellow-for-good',
    fails: /elasticsearch-1 ready while the cluster is yellow did not come true in \d+ s/,
  },
  {
    name: 'disruption-budget',
    what: 'the disruption budget allows to evict all pods',
    without: {
      patches: [
        {
          apiVersion: 'policy/v1',
          kind: 'PodDisruptionBudget',
          metadata: { name: 'elasticsearch' },
          spec: { maxUnavailable: '100%' },
        },
      ],
    },
    scenario: 'drain',
    fails: /elasticsearch-\d may be evicted while another node is away/,
  },
  {
    name: 'patient-readiness',
    what:
      'a node is asked each second, and taken out of the Service by the first probe that finds no master ' +
      '(periodSeconds and failureThreshold 1)',
    without: container({ readinessProbe: { periodSeconds: 1, failureThreshold: 1 } }),
    scenario: 'silent-loss-of-master',
    fails: /elasticsearch-\d was taken out of the Service by an election/,
  },
  {
    name: 'formed-marker',
    what: 'a first start is told by an empty disk instead of the marker',
    without: agent(
      'first-voters.ts',
      /if \(knownCluster !== undefined\)/,
      'if (knownCluster !== undefined && !diskIsEmpty)',
    ),
    scenario: 'two-lost-disks',
    fails: /elasticsearch-\d belongs to a second cluster: its health is answered with \d+/,
  },
  {
    name: 'zone-awareness',
    what: 'Elasticsearch does not know what a zone is (no cluster.routing.allocation.awareness.attributes)',
    without: settings(/^cluster\.routing\.allocation\.awareness\.attributes:.*\n/m),
    scenario: 'scaling',
    fails: /copies share a zone/,
  },
  {
    name: 'keepalive',
    what: "the kernel's own interval before it asks a silent peer (no transport.tcp.keep_*)",
    without: settings(/(^transport\.tcp\.keep_.*\n)+/m),
    scenario: 'silent-loss-of-master',
    fails: tooLong,
  },
  {
    name: 'checks-of-a-hung-process',
    what: "Elasticsearch's default checks of other nodes (no cluster.fault_detection.*)",
    without: settings(/(^cluster\.fault_detection\..*\n)+/m),
    scenario: 'hung-node',
    fails: /until a hung process was noticed must be at most 20 s, but was [\d.]+ s/,
  },
  {
    name: 'publish-timeout',
    what: "Elasticsearch's default wait for a hung node at each cluster state (no cluster.publish.timeout)",
    without: settings(/^cluster\.publish\.timeout.*\n/m),
    scenario: 'hung-node',
    fails: /longest write gap must be at most 40 s, but was [\d.]+ s/,
  },
];

export const scenarioNamed = (wanted: string): Scenario => {
  const found = scenarios.find(({ name }) => name === wanted);
  if (found === undefined) throw new Error(`there is no scenario ${wanted}`);
  return found;
};
