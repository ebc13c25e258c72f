// What `make demo` does where there is no cluster: pure, from what was found.
import { UserError } from '../../scripts/lib/cli.ts';
import type { Current } from '../../scripts/lib/cluster/current.ts';

export type Kind = 'kind' | 'lab';

export interface Machine {
  /** What is missing for each; nothing: it can be started here. */
  readonly missing: Readonly<Record<Kind, readonly string[]>>;
  /** How long the lab takes here, in its own words. */
  readonly labTakes: string;
  readonly canAsk: boolean;
}

export type Choice =
  | { readonly do: 'use'; readonly context: string }
  | { readonly do: 'start' | 'ask'; readonly kind: Kind; readonly say: string }
  | { readonly do: 'stop'; readonly say: string };

/** The values of CLUSTER; without one it is found out. */
const WANTED = ['current', 'kind', 'lab'] as const;
type Wanted = (typeof WANTED)[number];

export const readWanted = (value: string | undefined): Wanted | undefined => {
  if (value === undefined || value === '') return undefined;
  const wanted = WANTED.find((word) => word === value);
  if (wanted === undefined) throw new UserError(`CLUSTER must be one of ${WANTED.join(', ')}, but is "${value}"`);
  return wanted;
};

const what: Readonly<Record<Kind, string>> = {
  kind: 'a cluster in Docker, made by kind',
  lab: 'the lab, a real Kubernetes on this machine',
};

export const removal: Readonly<Record<Kind, string>> = {
  kind: 'kind delete cluster --name reviews',
  lab: 'make lab-down',
};

const takes = (kind: Kind, { labTakes }: Machine): string =>
  kind === 'kind' ? 'a few minutes, most of them for images that are pulled' : labTakes;

const start = (kind: Kind, machine: Machine): string =>
  `Starting ${what[kind]}: ${takes(kind, machine)}. To remove it: ${removal[kind]}`;

const fits = (kind: Kind, { missing }: Machine): boolean => missing[kind].length === 0;

/** A way that is open, or what it lacks. */
const way = (kind: Kind, machine: Machine): string =>
  fits(kind, machine)
    ? `  make demo CLUSTER=${kind}   ${what[kind]}: ${takes(kind, machine)}`
    : [`  ${what[kind]}, is not possible here. Missing:`, ...machine.missing[kind].map((item) => `    ${item}`)].join(
        '\n',
      );

const stop = (why: string, machine: Machine): Choice => ({
  do: 'stop',
  say: [
    `there is no cluster to show it on: ${why}`,
    '  kubectl config use-context NAME, then make demo: on a cluster that you have',
    way('kind', machine),
    way('lab', machine),
  ].join('\n'),
});

export const choose = (current: Current, wanted: Wanted | undefined, machine: Machine): Choice => {
  if (wanted === 'kind' || wanted === 'lab')
    return fits(wanted, machine)
      ? { do: 'start', kind: wanted, say: start(wanted, machine) }
      : stop(`CLUSTER=${wanted} can't be started`, machine);
  if (current.is === 'there') return { do: 'use', context: current.context };
  if (wanted === 'current' || current.is === 'unusable') return stop(current.why, machine);
  if (fits('kind', machine))
    return machine.canAsk
      ? { do: 'ask', kind: 'kind', say: `No cluster: ${current.why}. ${start('kind', machine)}` }
      : stop(current.why, machine);
  if (fits('lab', machine))
    return { do: 'start', kind: 'lab', say: `No cluster: ${current.why}. ${start('lab', machine)}` };
  return stop(current.why, machine);
};
