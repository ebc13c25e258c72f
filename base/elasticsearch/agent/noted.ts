// The clients, with what each question came to noted.

import type { Answer } from '../../lib/answer.ts';
import type { ElasticsearchClient } from './elasticsearch.ts';
import type { KubernetesClient } from './kubernetes.ts';
import type { Recorder, Server } from './watched.ts';

type Ask<Args extends unknown[], Value> = (...args: Args) => Promise<Answer<Value>>;

const noting =
  (record: Recorder, server: Server) =>
  <Args extends unknown[], Value>(ask: Ask<Args, Value>): Ask<Args, Value> =>
  async (...args) => {
    const answer = await ask(...args);
    record.answered(server, answer);
    return answer;
  };

export const notedElasticsearch = (client: ElasticsearchClient, record: Recorder): ElasticsearchClient => {
  const noted = noting(record, 'elasticsearch');
  return {
    self: noted(client.self),
    picture: noted(client.picture),
    master: noted(client.master),
    recovered: noted(client.recovered),
    health: noted(client.health),
    healthText: noted(client.healthText),
    changeSettings: noted(client.changeSettings),
    giveUpVote: noted(client.giveUpVote),
    giveUpVotesOf: noted(client.giveUpVotesOf),
    clearVotingExclusions: noted(client.clearVotingExclusions),
  };
};

export const notedKubernetes = (client: KubernetesClient, record: Recorder): KubernetesClient => {
  const noted = noting(record, 'kubernetes');
  return {
    statefulSet: noted(client.statefulSet),
    namespace: noted(client.namespace),
    pod: noted(client.pod),
    lease: noted(client.lease),
    holdLease: noted(client.holdLease),
    takeLease: noted(client.takeLease),
    giveLeaseBack: noted(client.giveLeaseBack),
    formed: noted(client.formed),
    markFormed: noted(client.markFormed),
    noteVoters: noted(client.noteVoters),
    zoneOf: noted(client.zoneOf),
  };
};
