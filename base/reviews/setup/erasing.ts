// An erasure: what it asks for, until nothing is found any more.

import { type Answer, bad, good } from '../../lib/answer.ts';
import type { Reviews } from './reviews.ts';

const lostProgress = (left: number): Answer<never> => bad('refused', `no progress: still ${left} reviews`);

/** Page by page, until none is found. How many were deleted. Each round leaves fewer, so there is a last one. */
export const erase = async (
  { refresh, page, remove }: Reviews,
  customer: string,
  progress: (left: number) => void,
): Promise<Answer<number>> => {
  let deleted = 0;
  let before = Infinity;
  for (;;) {
    const fresh = await refresh();
    if (!fresh.ok) return fresh;
    const found = await page(customer);
    if (!found.ok) return found;
    const { total, reviews: some } = found.value;
    if (total >= before) return lostProgress(total);
    progress(total);
    if (total === 0) return good(deleted);
    before = total;
    const removed = await remove(some);
    if (!removed.ok) return removed;
    deleted += removed.value.deleted;
  }
};
