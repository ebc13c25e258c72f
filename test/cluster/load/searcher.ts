// Searches all indices, all shards or nothing, with the retries of Elasticsearch's own clients: three. What fails then
// is an error.
import { type Connection, pause } from './connection.ts';
import { Gaps } from './gaps.ts';

const betweenMs = 200;
const attempts = 4;
const retryMs = 250;

export class Searcher {
  answered = 0;
  errors = 0;
  lastError = '';
  gaps = new Gaps(Date.now());
  private stopped = false;

  constructor(
    private readonly indices: readonly string[],
    private readonly connection: Connection,
  ) {}

  async run(): Promise<void> {
    while (!this.stopped) {
      if (await this.search()) {
        this.answered += 1;
        this.gaps.success(Date.now());
      } else if (!this.stopped) {
        this.errors += 1;
      }
      await pause(betweenMs);
    }
  }

  stop(): void {
    this.stopped = true;
  }

  private async search(): Promise<boolean> {
    const path = `/${this.indices.join(',')}/_search?allow_partial_search_results=false`;
    const query = JSON.stringify({ size: 1, query: { match: { text: 'parcel' } } });
    for (let attempt = 1; attempt <= attempts && !this.stopped; attempt += 1) {
      if (attempt > 1) await pause(retryMs * attempt);
      try {
        const { status, body } = await this.connection.send('POST', path, query);
        if (status === 200) return true;
        this.lastError = `HTTP ${status} ${body.slice(0, 300)}`;
      } catch (error) {
        this.lastError = String(error);
      }
    }
    return false;
  }
}
