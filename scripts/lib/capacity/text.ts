// What is asked of the calculator, and its answer in words.
import { UserError } from '../cli.ts';
import { quantityOf } from '../quantity.ts';
import type { Plan, Wishes } from './plan.ts';

/** Each with what it is where nobody says it: what prod has, and what its reviews are planned with. */
export const inputs = {
  REVIEWS: '40000',
  BYTES: '1000',
  DAYS: '793',
  COPIES: '3',
  ZONES: '3',
  MEMORY: '8Gi',
  DISK: '100Gi',
} as const;

type Input = keyof typeof inputs;

export const wishesOf = (env: NodeJS.ProcessEnv): Wishes => {
  const read = (name: Input, whole: boolean): number => {
    const text = env[name] || inputs[name];
    const value = quantityOf(text);
    if (!(value > 0) || (whole && !Number.isInteger(value)))
      throw new UserError(`${name} must be a ${whole ? 'whole number' : 'size such as 8Gi'} above 0, but is "${text}"`);
    return value;
  };
  return {
    reviewsADay: read('REVIEWS', true),
    bytesAReview: read('BYTES', true),
    daysKept: read('DAYS', true),
    copies: read('COPIES', true),
    zones: read('ZONES', true),
    memory: read('MEMORY', false),
    disk: read('DISK', false),
  };
};

const gb = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`;
const gib = (bytes: number): string => `${(bytes / 2 ** 30).toFixed(1)} GiB`;

const rows = (wishes: Wishes, plan: Plan): readonly (readonly [string, string])[] => [
  ['a month, one copy', gb(plan.monthBytes)],
  ['all that is kept, one copy', gb(plan.keptBytes)],
  [`all ${wishes.copies} copies`, gb(plan.keptBytes * wishes.copies)],
  ['shards a month', `${plan.shardsAMonth}, each ${wishes.copies} times`],
  ['shards in all', `${plan.shards} in ${plan.months} months`],
  ['nodes', `${plan.nodes}, ${plan.nodes / wishes.zones} in each zone`],
  ['shards a node', String(plan.shardsANode)],
  ['disk a node, at least', `${gib(plan.diskNeeded)} (it has ${gib(wishes.disk)})`],
  ['memory a node', `${gib(wishes.memory)}, of them ${gib(plan.heap)} heap`],
  ['newest months in the cache of files', String(Math.min(plan.months, plan.monthsInCache))],
];

export const planText = (wishes: Wishes, plan: Plan): string => {
  const lines = rows(wishes, plan);
  const width = Math.max(...lines.map(([name]) => name.length));
  return [
    ...lines.map(([name, value]) => `${name.padEnd(width)}  ${value}`),
    ...plan.warnings.map((text) => `warning: ${text}`),
  ].join('\n');
};
