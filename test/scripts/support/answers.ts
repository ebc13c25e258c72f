// What exec brings from a cluster of three nodes that is well, as files for support/kubectl-with-answers.
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { which } from '../../../scripts/lib/process.ts';
import { defaults, health } from '../questions/support.ts';

export interface Answers {
  readonly write: (file: 'elasticsearch' | 'agent' | 'disk' | 'health', text: string) => void;
  /** What was written into Elasticsearch, and the like; empty where nothing was. */
  readonly read: (file: 'written' | 'asked' | 'asked-as-superuser') => string;
  readonly remove: () => void;
}

const settings = (persistent: object): object => ({ persistent, transient: {}, defaults });

const state = (holders: readonly number[]): object => ({
  master_node: 'id-0',
  blocks: {},
  nodes: Object.fromEntries(
    [0, 1, 2].map((i) => [
      `id-${i}`,
      { name: `elasticsearch-${i}`, version: '9.5.3', attributes: { zone: `zone-${i}` } },
    ]),
  ),
  metadata: {
    cluster_coordination: { voting_config_exclusions: [] },
    indices: { reviews: { settings: { index: { uuid: 'uuid-11' } } } },
  },
  routing_table: {
    indices: { reviews: { shards: { 0: holders.map((i) => ({ state: 'STARTED', node: `id-${i}` })) } } },
  },
});

/** By in-pod.ts; `holders`: nodes with a copy of the only shard. */
export const clusterAnswer = (holders: readonly number[] = [0, 1, 2], persistent: object = {}): string =>
  JSON.stringify({
    pod: 'POD',
    answers: [health, settings(persistent), state(holders)].map((value) => ({
      status: 200,
      text: JSON.stringify(value),
      certificateEnds: 'Dec  2 09:00:00 2099 GMT',
    })),
  });

const agent = {
  pod: 'POD',
  phase: 'serving',
  phaseSeconds: 5,
  wait: null,
  stop: { reason: '' },
  lookAgeSeconds: { elasticsearch: 1, kubernetes: 1 },
};

/** `kubectl` is the one with answers from then on, also for commands that are started. */
export const playAnswers = (): Answers => {
  const folder = mkdtempSync(join(tmpdir(), 'answers-'));
  symlinkSync(join(__dirname, 'kubectl-with-answers'), join(folder, 'kubectl'));
  const before = process.env['PATH'] ?? '';
  const write: Answers['write'] = (file, text) => writeFileSync(join(folder, file), text);
  process.env['REAL_KUBECTL'] = which('kubectl') ?? '';
  process.env['ANSWERS'] = folder;
  process.env['PATH'] = `${folder}:${before}`;
  write('elasticsearch', clusterAnswer());
  write('agent', JSON.stringify(agent));
  const data = '/usr/share/elasticsearch/data';
  write('disk', ` 1B-blocks     Avail\n1000 900\n50\t${data}/indices/uuid-11/0\n60\t${data}\n`);
  write('health', JSON.stringify(health));
  return {
    write,
    read: (file) => {
      try {
        return readFileSync(join(folder, file), 'utf8');
      } catch {
        return '';
      }
    },
    remove: () => {
      process.env['PATH'] = before;
      rmSync(folder, { recursive: true, force: true });
    },
  };
};
