import { type Client, errors } from '@elastic/elasticsearch';
import type { Review } from './review.ts';

export interface IngestOptions {
  /** A client for one round; asked again after a failure, so that a replaced password is read again. */
  readonly connect: () => Client;
  readonly target?: string;
  /** Requests under way at once, and bytes in each: together the most that is held in memory. */
  readonly concurrency?: number;
  readonly flushBytes?: number;
  /** How long to go on while nothing at all succeeds, or while one review gets nothing but a server's error. */
  readonly patienceMs?: number;
  readonly onProgress?: (result: IngestResult) => void;
}

export interface IngestResult {
  readonly created: number;
  /** Written by an earlier try: the id is the delivery's, so nothing was doubled. */
  readonly existed: number;
  /** Refused for what they are; trying again would not help. */
  readonly rejected: readonly Rejection[];
  readonly rounds: number;
}

interface Rejection {
  readonly review: Review;
  readonly reason: string;
}

const HELD_BACK = 2_000;

/**
 * Writes reviews with the client's bulk helper. The source is read only as fast as the cluster takes the reviews. What
 * could not be written for now (a node that left, a queue that is full) is written in the next round; reading goes on
 * only when less than HELD_BACK wait for it.
 */
export async function ingest(
  reviews: Iterable<Review> | AsyncIterable<Review>,
  options: IngestOptions,
): Promise<IngestResult> {
  const { target = 'reviews', concurrency = 3, flushBytes = 1_000_000, patienceMs = 180_000 } = options;
  const source = iterate(reviews);
  const open = new Map<string, Review>();
  const failing = new Map<string, number>();
  const rejected: Rejection[] = [];
  let again: Review[] = [];
  let exhausted = false;
  let created = 0;
  let existed = 0;
  let rounds = 0;
  let lastSuccess = Date.now();

  async function* round(first: readonly Review[]): AsyncGenerator<Review> {
    for (const review of first) yield hold(review);
    while (again.length < HELD_BACK) {
      const next = await source.next();
      if (next.done === true) {
        exhausted = true;
        return;
      }
      yield hold(next.value);
    }
  }
  function hold(review: Review): Review {
    open.set(review.delivery_id, review);
    return review;
  }
  /**
   * A server's error is tried again, but not for ever: one review that always breaks something must not hold up the
   * others.
   */
  function mayRecover({ delivery_id }: Review): boolean {
    const since = failing.get(delivery_id) ?? Date.now();
    failing.set(delivery_id, since);
    return Date.now() - since <= patienceMs;
  }
  function settle(id: string): void {
    open.delete(id);
    failing.delete(id);
    lastSuccess = Date.now();
    if ((created + existed) % 1000 === 0) options.onProgress?.({ created, existed, rejected, rounds });
  }

  while (!exhausted || again.length > 0) {
    const first = again;
    again = [];
    if (rounds > 0) await pause(Math.min(250 * 2 ** Math.min(rounds, 5), 5_000));
    rounds++;
    const client = options.connect();
    try {
      await client.helpers.bulk<Review>({
        datasource: round(first),
        concurrency,
        flushBytes,
        retries: 5,
        wait: 500,
        // Only ever create: the same delivery again is a conflict, not a second or a changed review.
        onDocument: (review) => ({ create: { _index: target, _id: review.delivery_id } }),
        onSuccess: ({ result }) => {
          created++;
          // oxlint-disable-next-line no-underscore-dangle -- so Elasticsearch names it
          settle(result.create?._id ?? '');
        },
        onDrop: ({ status, error, document }) => {
          if (status === 409) {
            existed++;
            settle(document.delivery_id);
          } else if ((status === 429 || status >= 500) && mayRecover(document)) {
            open.delete(document.delivery_id);
            again.push(document);
          } else {
            rejected.push({ review: document, reason: `${status} ${error?.type ?? ''}: ${error?.reason ?? ''}` });
            settle(document.delivery_id);
          }
        },
      });
    } catch (error) {
      if (!worthAnotherTry(error) || Date.now() - lastSuccess > patienceMs) throw error;
    } finally {
      await client.close();
    }
    // Given to the helper and never answered: perhaps written, perhaps not. Writing it again is safe.
    again.push(...open.values());
    open.clear();
    if (again.length > 0 && Date.now() - lastSuccess > patienceMs)
      throw new Error(`nothing was written for ${patienceMs} ms`);
  }
  const result = { created, existed, rejected, rounds };
  options.onProgress?.(result);
  return result;
}

/** Connections that break and servers that are not able now; 401 too, since a password may just have been replaced. */
function worthAnotherTry(error: unknown): boolean {
  if (error instanceof errors.ResponseError) {
    const status = error.statusCode ?? 0;
    return status === 401 || status === 429 || status >= 500;
  }
  return (
    error instanceof errors.ConnectionError ||
    error instanceof errors.TimeoutError ||
    error instanceof errors.NoLivingConnectionsError
  );
}

async function* iterate(reviews: Iterable<Review> | AsyncIterable<Review>): AsyncGenerator<Review> {
  yield* reviews;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
