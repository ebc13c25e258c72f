// The own Elasticsearch, as the operations user, whose password is read anew at each call: it may be replaced while the
// agent runs.

import { type Answer, bad, good } from '../../lib/answer.ts';
import { accepted, errorType, type Question, type Reply, understood } from '../../lib/http.ts';
import { asUser, type Body, json } from '../../lib/user.ts';
import {
  BLOCKS_QUESTION,
  type Expected,
  MASTER_QUESTION,
  NODES_QUESTION,
  parseHealth,
  parseMaster,
  parsePicture,
  parseRecovered,
  parseSelf,
  SELF_QUESTION,
  SETTINGS_QUESTION,
  STATE_QUESTION,
} from './parse.ts';
import type { Done, Elasticsearch, Files } from './ports.ts';
import type { Settings } from './settings.ts';

const SECONDS = 10;

/** What a node without a master answers to what needs one. */
const WITHOUT_MASTER = new Set(['master_not_discovered_exception', 'cluster_block_exception']);

export interface ElasticsearchClient extends Elasticsearch {
  /** GET /_cluster/health as it came, for people. */
  readonly healthText: () => Promise<Answer<string>>;
}

/** Elasticsearch's own time for a write: turn.ts counts on an unanswered one having taken effect soon, or never. */
const WRITE_SECONDS = 10;
/** Elasticsearch's own time must be over first: its answer says why. */
const ANSWER_SECONDS = 5;
const within = (seconds: number): string => `master_timeout=${seconds}s&timeout=${seconds}s`;

export const elasticsearchClient = (
  settings: Settings,
  files: Files,
  sawCertificate?: (ends: number) => void,
  seconds = SECONDS,
): ElasticsearchClient => {
  const send = asUser({
    // The address itself, since a lookup of "localhost" could hang on a DNS server; the certificate names localhost.
    host: '127.0.0.1',
    serverName: 'localhost',
    port: settings.elasticsearchPort,
    authority: settings.folders.authority,
    login: settings.folders.operations,
    ...(sawCertificate === undefined ? {} : { sawCertificate }),
  });

  const ask = async (
    method: Question['method'],
    path: string,
    { body, longest = seconds }: { readonly body?: Body; readonly longest?: number } = {},
  ): Promise<Answer<Reply>> => {
    const reply = await send(method, path, longest, body);
    if (!reply.ok) return reply;
    const asked = `${method} ${path.split('?', 1)[0]}`;
    const answer = accepted(asked, reply.value);
    if (answer.ok) return reply;
    const { status, text } = reply.value;
    return status === 503 && WITHOUT_MASTER.has(errorType(text)) ? bad('no-master', answer.detail) : answer;
  };

  const get = async (path: string): Promise<Answer<unknown>> => {
    const reply = await ask('GET', path);
    return reply.ok ? understood(`GET ${path.split('?', 1)[0]}`, reply.value) : reply;
  };

  const change = async (method: Question['method'], path: string, options = {}): Promise<Done> => {
    const reply = await ask(method, path, options);
    return reply.ok ? good(undefined) : reply;
  };

  /** What else can go wrong, as a marker that cannot be read, is no "yes" either. */
  const agreeing = async <Value>(parse: (expected: Expected) => Answer<Value>): Promise<Answer<Value>> => {
    try {
      return parse({ podName: settings.podName, clusterUuid: await files.knownCluster() });
    } catch (error) {
      return bad('not-understood', `the answer could not be looked at: ${String(error)}`);
    }
  };

  const giveUp = (whose: string, timeoutSeconds: number): Promise<Done> =>
    change('POST', `/_cluster/voting_config_exclusions?${whose}&${within(timeoutSeconds)}`, {
      longest: timeoutSeconds + ANSWER_SECONDS,
    });

  return {
    self: async () => {
      const self = await get(SELF_QUESTION);
      if (!self.ok) return self;
      const nodes = await get(NODES_QUESTION);
      return nodes.ok ? agreeing((expected) => parseSelf(self.value, nodes.value, expected)) : nodes;
    },
    picture: async () => {
      const self = await get(SELF_QUESTION);
      if (!self.ok) return self;
      // The cluster's state last, so that it is not older than what the settings say.
      const set = await get(SETTINGS_QUESTION);
      if (!set.ok) return set;
      const state = await get(STATE_QUESTION);
      return state.ok ? agreeing((expected) => parsePicture(self.value, set.value, state.value, expected)) : state;
    },
    master: async () => {
      const answer = await get(MASTER_QUESTION);
      return answer.ok ? parseMaster(answer.value) : answer;
    },
    recovered: async () => {
      const answer = await get(BLOCKS_QUESTION);
      return answer.ok ? parseRecovered(answer.value) : answer;
    },
    health: async (settled) => {
      const answer = await get(
        `/_cluster/health?${settled ? 'wait_for_events=languid&timeout=3s' : 'master_timeout=3s'}`,
      );
      return answer.ok ? parseHealth(answer.value) : answer;
    },
    healthText: async () => {
      const reply = await ask('GET', '/_cluster/health?master_timeout=3s');
      return reply.ok ? good(reply.value.text) : reply;
    },
    changeSettings: (changes) =>
      change('PUT', `/_cluster/settings?${within(WRITE_SECONDS)}`, {
        body: json({ persistent: Object.fromEntries(changes) }),
        longest: WRITE_SECONDS + ANSWER_SECONDS,
      }),
    giveUpVote: (name, timeoutSeconds) => giveUp(`node_names=${encodeURIComponent(name)}`, timeoutSeconds),
    giveUpVotesOf: (ids, timeoutSeconds) => giveUp(`node_ids=${ids.map(encodeURIComponent).join(',')}`, timeoutSeconds),
    clearVotingExclusions: () => change('DELETE', '/_cluster/voting_config_exclusions?wait_for_removal=false'),
  };
};
