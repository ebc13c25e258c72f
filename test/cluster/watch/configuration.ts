// What Prometheus reads at its start: the jobs of components/monitoring as a user has them, in the scenario's namespace
// and with its times, and by the rights of an account that lists pods there and nothing else.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { root } from '../../../scripts/lib/paths.ts';
import { type Group, scaledDuration, scaledGroups, secondsOf } from './time-scale.ts';

interface Job {
  readonly job_name: string;
  readonly scrape_interval: string;
  readonly scrape_timeout?: string;
  readonly kubernetes_sd_configs: readonly object[];
}

const folder = join(root, 'components/monitoring/prometheus');
const read = (name: string): unknown => load(readFileSync(join(folder, name), 'utf8'));

/** Prometheus' own, where a job says nothing. */
const DEFAULT_TIMEOUT = '10s';
/** For how long a value counts that is not renewed. */
const DEFAULT_LOOKBACK = '5m';

export interface Place {
  readonly namespace: string;
  readonly kubeconfig: string;
  readonly rules: string;
  /** Its own, for what it tells of itself. */
  readonly port: number;
  /** By how much all times are shortened. */
  readonly factor: number;
}

const shorter = (a: string, b: string): string => (secondsOf(a) < secondsOf(b) ? a : b);

const jobIn = (job: Job, { namespace, kubeconfig, factor }: Place): Job => {
  const interval = scaledDuration(job.scrape_interval, factor);
  return {
    ...job,
    scrape_interval: interval,
    // How long an answer may take is a matter of the machine; only it must be there before the next question.
    scrape_timeout: shorter(job.scrape_timeout ?? DEFAULT_TIMEOUT, interval),
    kubernetes_sd_configs: [{ role: 'pod', namespaces: { names: [namespace] }, kubeconfig_file: kubeconfig }],
  };
};

export const configurationOf = (place: Place): object => {
  const { scrape_configs } = read('scrape.yml') as { readonly scrape_configs: readonly Job[] };
  const jobs = scrape_configs.map((job) => jobIn(job, place));
  const interval = jobs.map((job) => job.scrape_interval).reduce(shorter);
  return {
    // As often as the figures come; its own, too.
    global: { evaluation_interval: interval, scrape_interval: interval, scrape_timeout: interval },
    scrape_configs: [...jobs, { job_name: 'prometheus', static_configs: [{ targets: [`127.0.0.1:${place.port}`] }] }],
    rule_files: [place.rules],
  };
};

export const rulesOf = (factor: number): { readonly groups: Group[] } => ({
  groups: scaledGroups((read('rules.yml') as { readonly groups: readonly Group[] }).groups, factor),
});

export const lookbackOf = (factor: number): string => scaledDuration(DEFAULT_LOOKBACK, factor);

/** Names of all alerts that there are: a scenario that declares another one would wait for nothing. */
export const alertNames = (): string[] =>
  rulesOf(1).groups.flatMap(({ rules = [] }) => rules.flatMap(({ alert }) => alert ?? []));

export interface Account {
  readonly server: string;
  /** The authority's certificate, base64 of PEM. */
  readonly authority: string;
  readonly token: string;
}

export const kubeconfigOf = ({ server, authority, token }: Account): string =>
  JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'watched',
    contexts: [{ name: 'watched', context: { cluster: 'watched', user: 'prometheus' } }],
    clusters: [{ name: 'watched', cluster: { server, 'certificate-authority-data': authority } }],
    users: [{ name: 'prometheus', user: { token } }],
  });
