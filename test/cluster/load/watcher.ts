// Looks at the cluster's status every second, through the Service like any other client.
import { type Connection, pause } from './connection.ts';

export interface Status {
  readonly status: string;
  readonly nodes: number;
}

export interface StatusTimes {
  readonly yellowMs: number;
  readonly redMs: number;
  readonly unknownMs: number;
}

const betweenMs = 1000;
/** No answer, or none that tells: while no master is elected nobody knows the status. */
const unknown: Status = { status: 'unknown', nodes: 0 };

export class Watcher {
  current: Status = unknown;
  private readonly times = new Map<string, number>();
  private since = Date.now();
  private stopped = false;

  constructor(
    private readonly connection: Connection,
    private readonly changed: (status: Status) => void,
  ) {}

  async run(): Promise<void> {
    while (!this.stopped) {
      const next = await this.look();
      this.account();
      if (next.status !== this.current.status || next.nodes !== this.current.nodes) this.changed(next);
      this.current = next;
      await pause(betweenMs);
    }
  }

  stop(): void {
    this.stopped = true;
    this.account();
  }

  result(): StatusTimes {
    const of = (status: string): number => this.times.get(status) ?? 0;
    return { yellowMs: of('yellow'), redMs: of('red'), unknownMs: of('unknown') };
  }

  private account(): void {
    const now = Date.now();
    this.times.set(this.current.status, (this.times.get(this.current.status) ?? 0) + now - this.since);
    this.since = now;
  }

  private async look(): Promise<Status> {
    try {
      const { status, body } = await this.connection.send(
        'GET',
        '/_cluster/health?filter_path=status,number_of_nodes&master_timeout=1s',
      );
      const health = JSON.parse(body) as { status?: string; number_of_nodes?: number };
      return status === 200 && health.status !== undefined
        ? { status: health.status, nodes: health.number_of_nodes ?? 0 }
        : unknown;
    } catch {
      return unknown;
    }
  }
}
