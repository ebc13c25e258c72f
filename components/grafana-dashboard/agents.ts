// What each node is at, as its agent says.
import { PHASES, type Phase } from '../../base/elasticsearch/agent/watched.ts';
import { lines, states, words } from './panels.ts';
import { of, query } from './query.ts';

const COLORS: Readonly<Record<Phase, string>> = {
  preparing: 'purple',
  starting: 'blue',
  serving: 'green',
  stopping: 'yellow',
  'stopping-restart': 'orange',
  'stopping-decommission': 'red',
};

/** The place of its phase in the list, by pod: a panel of states takes numbers. */
const phase = `sum by (pod) (${PHASES.map(
  (name, place) => `${place} * ${of('reviews_agent_phase', `phase="${name}"`)}`,
).join(' or ')})`;

export const agents = [
  states(
    { title: 'What each node is at', description: 'Those that do not serve start or stop: then yellow is legitimate.' },
    words(Object.fromEntries(PHASES.map((name, place) => [`${place}`, [name, COLORS[name]] as const]))),
    query(phase, '{{pod}}'),
  ),
  lines(
    {
      title: 'What each node waits for, and for how long',
      description:
        'A roll-out, a drain or a start stands still meanwhile. docs/runbooks/elasticsearch-node-waits.md has a line ' +
        'for each word. Nothing is drawn where nobody waits.',
      unit: 's',
    },
    query(of('reviews:agent_wait_seconds'), '{{pod}}: {{waits_for}}'),
  ),
];
