// The months of a cluster, and what they hold.

import { type Answer, good } from '../../../base/lib/answer.ts';
import type { Elasticsearch } from './elasticsearch.ts';
import type { Month, Months } from './record.ts';
import { MONTHS } from './snapshots.ts';

/** Names; closed ones, too. */
const monthNames = async ({ health }: Elasticsearch): Promise<Answer<readonly string[]>> => {
  const found = await health(`${MONTHS}*`);
  return found.ok ? good(Object.keys(found.value.indices).sort()) : found;
};

/** A month that retention deletes meanwhile is none. */
export const monthsNow = async (elasticsearch: Elasticsearch): Promise<Answer<Months>> => {
  const names = await monthNames(elasticsearch);
  if (!names.ok) return names;
  const months: Record<string, Month> = {};
  for (const name of names.value) {
    const month = await elasticsearch.month(name);
    if (month.ok) months[name] = month.value;
    else if (month.trouble !== 'absent') return month;
  }
  return good(months);
};
