// Writes documents 0, 1, 2 … to one single-shard index, each until it is acknowledged. So the acknowledged ones are always 0 to `acknowledged - 1`,
// and while the index's one shard is away, nothing is written: a gap of this writer is a gap of that shard.
import { pause, type Connection } from './connection.ts';
import { Gaps } from './gaps.ts';

const betweenMs = 50;
const retryMs = 100;

export class Writer {
  acknowledged = 0;
  retries = 0;
  gaps = new Gaps(Date.now());
  private stopped = false;

  constructor(
    readonly index: string,
    private readonly connection: Connection,
  ) {}

  async run(): Promise<void> {
    while (!this.stopped) {
      if (await this.write(this.acknowledged)) {
        this.acknowledged += 1;
        this.gaps.success(Date.now());
        await pause(betweenMs);
      } else {
        this.retries += 1;
        await pause(retryMs);
      }
    }
  }

  stop(): void {
    this.stopped = true;
  }

  /** The same id again and again: a write whose answer was lost is repeated, not doubled. */
  private async write(id: number): Promise<boolean> {
    const document = JSON.stringify({ '@timestamp': new Date().toISOString(), n: id, text: `Parcel ${id} arrived` });
    try {
      const { status } = await this.connection.send('PUT', `/${this.index}/_doc/${id}`, document);
      return status === 200 || status === 201;
    } catch {
      return false;
    }
  }
}
