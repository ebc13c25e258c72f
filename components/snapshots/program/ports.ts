// What all parts of the program work with.

import type { Say } from '../../../base/lib/say.ts';
import type { Elasticsearch } from './elasticsearch.ts';
import type { Repository } from './repository-file.ts';
import type { Settings } from './settings.ts';
import type { Watched } from './watched.ts';

export interface Ports {
  readonly elasticsearch: Elasticsearch;
  readonly repository: Repository;
  readonly settings: Settings;
  readonly watched: Watched;
  readonly say: Say;
  /** In seconds since 1970: what is compared with it are times of snapshots. */
  readonly now: () => number;
  readonly sleep: (seconds: number) => Promise<void>;
}
