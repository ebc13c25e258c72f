// Is it well, and can these figures be believed?
import { lines, numbers, states, words } from './panels.ts';
import { of, query, queryNow, rate } from './query.ts';

const status = of('elasticsearch_cluster_health_status', 'color="red"');
const yellow = of('elasticsearch_cluster_health_status', 'color="yellow"');
const answers = (...conditions: readonly string[]): string =>
  `sum(${rate('reviews_agent_answers_total', 'server="elasticsearch"', ...conditions)})`;

const GREEN = '0';
const YELLOW = '1';
const RED = '2';

export const firstLook = [
  numbers(
    {
      title: 'Status',
      description: 'Red: some reviews can be neither searched nor written. Yellow: copies are missing.',
    },
    queryNow(`max(2 * ${status} or ${yellow})`, 'status'),
  )
    .mappings([words({ [GREEN]: ['green', 'green'], [YELLOW]: ['yellow', 'yellow'], [RED]: ['red', 'red'] })])
    .noValue('no answer'),
  numbers(
    { title: 'Nodes', description: 'In the cluster, and wanted: by the StatefulSet, as its agents read it.' },
    queryNow(`max(${of('elasticsearch_cluster_health_number_of_nodes')})`, 'in the cluster'),
    queryNow(`max(last_over_time(${of('reviews:elasticsearch_nodes_wanted')}[1h]))`, 'wanted'),
  ),
  numbers(
    {
      title: 'Heard by Prometheus',
      description: 'Of what is not heard no other panel says anything: that is silence, and not health.',
    },
    queryNow(`sum(${of('up', 'job="elasticsearch-exporter"')})`, 'exporter'),
    queryNow(`sum(${of('up', 'job="elasticsearch-agents"')})`, 'agents'),
  ),
  numbers(
    {
      title: 'First certificate ends in',
      description: 'Of those that nodes really serve. Everything stops at once when it ends.',
      unit: 's',
    },
    queryNow(`min(${of('reviews_agent_certificate_end_timestamp_seconds')}) - time()`, 'first end'),
  ),
];

export const cluster = [
  states(
    {
      title: 'Alerts that fire',
      description: 'Each has a page of what to do: docs/runbooks of the repository that this cluster comes from.',
    },
    words({ '1': ['fires', 'red'] }),
    query(
      `max by (alertname) (${of('ALERTS', 'alertname=~"Elasticsearch.+"', 'alertstate="firing"')})`,
      '{{alertname}}',
    ),
  ).noValue('none'),
  lines(
    {
      title: 'Shards that are not where they should be',
      description:
        'Unassigned: a copy is missing. Initializing: it is being made. Both are legitimate while a node restarts.',
    },
    query(`max(${of('elasticsearch_cluster_health_unassigned_shards')})`, 'unassigned'),
    query(`max(${of('elasticsearch_cluster_health_initializing_shards')})`, 'initializing'),
    query(`max(${of('elasticsearch_cluster_health_relocating_shards')})`, 'relocating'),
  ),
  lines(
    {
      title: 'Elected master',
      description:
        "Without one nothing can be written. Nobody counts elections: this is the share of the agents' questions " +
        'that were answered with "no master", and whether Elasticsearch calls its master unstable (then it is 100 %).',
      unit: 'percentunit',
    },
    query(`${answers('outcome="no-master"')} / ${answers()}`, 'answered with "no master"'),
    query(
      `max(${of('elasticsearch_health_report_master_is_stable_status', 'color=~"yellow|red"')})`,
      'called unstable',
    ),
  ).max(1),
  lines(
    {
      title: 'Longest wait of a task for the master',
      description: 'New months, changes of mappings and repairs fail after 30 s, if nobody has set another time.',
      unit: 'ms',
    },
    query(`max(${of('elasticsearch_cluster_health_task_max_waiting_in_queue_millis')})`, 'longest wait'),
  ),
];
