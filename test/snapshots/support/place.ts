// A real Elasticsearch with the design of the reviews and a folder for repositories, and the program's parts before it,
// as its user.
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { asUser } from '../../../base/lib/user.ts';
import { elasticsearch } from '../../../components/snapshots/program/elasticsearch.ts';
import type { Ports } from '../../../components/snapshots/program/ports.ts';
import type { Settings } from '../../../components/snapshots/program/settings.ts';
import { unseen } from '../../../components/snapshots/program/watched.ts';
import { type Server, startElasticsearch } from '../../reviews/support/elasticsearch.ts';
import { type Mounts, makeMounts, setUp } from '../../reviews/support/set-up.ts';

export interface Place {
  readonly server: Server;
  readonly mounts: Mounts;
  /** Where repositories may be. */
  readonly store: string;
  stop(): Promise<void>;
}

export const startPlace = async (): Promise<Place> => {
  const store = mkdtempSync(join(tmpdir(), 'snapshots-store-'));
  // The server is another user.
  chmodSync(store, 0o777);
  const server = await startElasticsearch([`path.repo: [${store}]`]);
  const mounts = await makeMounts(server);
  const place = {
    server,
    mounts,
    store,
    stop: async () => {
      mounts.programs.remove();
      await server.stop();
      rmSync(store, { recursive: true, force: true });
    },
  };
  const done = await setUp(server, mounts);
  if (done.code === 0) return place;
  await place.stop();
  throw new Error(done.stdout);
};

const settingsFor = ({ server, mounts }: Place, user: string): Settings => ({
  namespace: 'reviews',
  elasticsearch: {
    host: 'localhost',
    port: Number(new URL(server.url).port),
    authority: join(server.folder, 'config/certificates'),
    login: join(mounts.users, user),
  },
  repositoryFile: '',
  times: { intervalSeconds: 600, snapshotSeconds: 270, objectiveSeconds: 900, retrySeconds: 1 },
  keep: { allSeconds: 10_800, hourlySeconds: 172_800, days: 14 },
  drillIntervalSeconds: 604_800,
  restoreSeconds: 120,
  folder: '',
  readyFile: '',
  metricsPort: 1,
});

export interface Bench {
  readonly ports: Ports;
  readonly said: readonly string[];
}

export interface BenchOptions {
  readonly user?: string;
  /** By how many seconds its clock is wrong. */
  readonly ahead?: number;
}

/** `folder`: of the repository, below the store. */
export const benchIn = (place: Place, folder: string, { user = 'snapshots', ahead = 0 }: BenchOptions): Bench => {
  const settings = settingsFor(place, user);
  const said: string[] = [];
  let last = 0;
  const ports: Ports = {
    elasticsearch: elasticsearch(asUser(settings.elasticsearch)),
    repository: { type: 'fs', settings: { location: join(place.store, folder) } },
    settings,
    watched: unseen(),
    say: (_, message) => said.push(message),
    // Names have seconds: two snapshots of one second would have the same.
    now: () => (last = Math.max(Date.now() / 1000 + ahead, last + 1)),
    sleep: (seconds) => pause(Math.min(seconds, 0.2) * 1000),
  };
  return { ports, said };
};
