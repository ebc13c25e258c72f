// Writes documents 0, 1, 2 … to one single-shard index, each until it is acknowledged. So the acknowledged ones are
// always 0 to `acknowledged - 1`, and while the index's one shard is away, nothing is written: a gap of this writer is
// a gap of that shard.
import { type Answer, type Connection, pause } from './connection.ts';
import { Gaps } from './gaps.ts';

const betweenMs = 50;
const retryMs = 100;

/**
 * How one document is written, and whether it was. The same id again and again: a write whose answer was lost is
 * repeated, not doubled.
 */
export interface Write {
  readonly method: string;
  readonly path: string;
  readonly body: string;
  readonly isDone: (answer: Answer) => boolean;
}

const plainDocument =
  (index: string) =>
  (id: number): Write => ({
    method: 'PUT',
    path: `/${index}/_doc/${id}`,
    body: JSON.stringify({ '@timestamp': new Date().toISOString(), n: id, text: `Parcel ${id} arrived` }),
    isDone: ({ status }) => status === 200 || status === 201,
  });

export class Writer {
  acknowledged = 0;
  retries = 0;
  gaps = new Gaps(Date.now());
  private stopped = false;

  constructor(
    readonly index: string,
    private readonly connection: Connection,
    private readonly write: (id: number) => Write = plainDocument(index),
  ) {}

  async run(): Promise<void> {
    while (!this.stopped) {
      if (await this.attempt(this.write(this.acknowledged))) {
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

  private async attempt({ method, path, body, isDone }: Write): Promise<boolean> {
    try {
      return isDone(await this.connection.send(method, path, body));
    } catch {
      return false;
    }
  }
}
