// Brings the cluster to what the index files say. It stops at the first part that does not come to be, since what comes
// after it is built on it; months do not need each other, so each is tried.

import { type Answer, bad, good } from '../../lib/answer.ts';
import type { Say } from '../../lib/say.ts';
import { type Design, lifecycle, ofMonth, type Put, parts, templates } from './design.ts';
import { type Elasticsearch, isAway } from './elasticsearch.ts';

const NAMED = 3;

const putAll = async ({ put }: Elasticsearch, puts: readonly Put[]): Promise<Answer<undefined>> => {
  for (const one of puts) {
    const done = await put(one);
    if (!done.ok) return done;
  }
  return good(undefined);
};

const applyLifecycle = async (to: Elasticsearch, design: Design, say: Say): Promise<Answer<undefined>> => {
  const there = await to.hasLifecycle();
  if (!there.ok) return there;
  if (there.value) return putAll(to, lifecycle(design));
  // Everything else works, but nothing deletes old months.
  say('WARN', 'this server has no lifecycle policies: months of reviews are NOT deleted by themselves');
  return good(undefined);
};

const applyToMonths = async (to: Elasticsearch, design: Design): Promise<Answer<undefined>> => {
  const months = await to.months();
  if (!months.ok) return months;
  const left: string[] = [];
  for (const month of months.value) {
    const done = await putAll(to, ofMonth(month, design));
    // Retention has deleted it meanwhile.
    if (done.ok || done.trouble === 'absent') continue;
    if (isAway(done.trouble)) return done;
    left.push(done.detail);
  }
  if (left.length === 0) return good(undefined);
  const more = left.length > NAMED ? `; and ${left.length - NAMED} more` : '';
  return bad(
    'refused',
    `the design stands for new months only; ${left.length} of ${months.value.length} that exist do not follow it, ` +
      `see the reviews page of the documentation: ${left.slice(0, NAMED).join('; ')}${more}`,
  );
};

export const apply = async (to: Elasticsearch, design: Design, say: Say): Promise<Answer<undefined>> => {
  const steps = [
    () => putAll(to, parts(design)),
    () => applyLifecycle(to, design, say),
    () => putAll(to, templates(design)),
    () => applyToMonths(to, design),
  ];
  for (const step of steps) {
    const done = await step();
    if (!done.ok) return done;
  }
  return good(undefined);
};
