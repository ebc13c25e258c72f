// The agent's own questions and writes, as a user of a real node: what they need is what its role must have.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { type ElasticsearchClient, elasticsearchClient } from '../../../base/elasticsearch/agent/elasticsearch.ts';
import { ownFiles } from '../../../base/elasticsearch/agent/own-files.ts';
import { readSettings } from '../../../base/elasticsearch/agent/settings.ts';
import type { Answer } from '../../../base/lib/answer.ts';
import { environment } from '../../agent/support/environment.ts';
import { rolesOfTheBase } from '../../support/roles.ts';
import type { Login, Node } from './elasticsearch.ts';

/** What the role `operations` names, one by one. */
export const privilegesOfAgents = (): readonly string[] => {
  const { operations } = load(rolesOfTheBase()) as { operations: { cluster: string[]; indices?: unknown } };
  return operations.cluster;
};

/** As that user, of a node that is called "only". */
export const agentOf = (node: Node, { username, password }: Login, ca: string): ElasticsearchClient => {
  const folder = join(node.folder, 'agent-of', username);
  for (const name of ['operations', 'authority', 'formed']) mkdirSync(join(folder, name), { recursive: true });
  writeFileSync(join(folder, 'operations/username'), username);
  writeFileSync(join(folder, 'operations/password'), password);
  writeFileSync(join(folder, 'authority/ca.crt'), ca);
  const settings = readSettings({ ...environment(folder, { elasticsearchPort: node.port }), POD_NAME: 'only' });
  return elasticsearchClient(settings, ownFiles(settings.folders.agent, settings.folders.formed));
};

/** All that an agent asks and does, by name; in this order nothing of it stays. */
export const everything: readonly (readonly [
  does: string,
  act: (agent: ElasticsearchClient) => Promise<Answer<unknown>>,
])[] = [
  ['who am I', (agent) => agent.self()],
  ['the picture', (agent) => agent.picture()],
  ['who is the master', (agent) => agent.master()],
  ['the health', (agent) => agent.health(false)],
  ['the health, when nothing is left to do', (agent) => agent.health(true)],
  [
    'writing a register',
    (agent) => agent.changeSettings(new Map([['cluster.metadata.delivery-reviews.turn.only', 'goes 1-1 x']])),
  ],
  [
    'keeping shards away from a node',
    (agent) => agent.changeSettings(new Map([['cluster.routing.allocation.exclude._name', 'gone']])),
  ],
  [
    'taking both back',
    (agent) =>
      agent.changeSettings(
        new Map([
          ['cluster.metadata.delivery-reviews.turn.only', null],
          ['cluster.routing.allocation.exclude._name', null],
        ]),
      ),
  ],
  ['giving a vote up', (agent) => agent.giveUpVote('gone', 5)],
  ['giving votes up by id', (agent) => agent.giveUpVotesOf(['gone-too'], 5)],
  ['giving votes back', (agent) => agent.clearVotingExclusions()],
];
