// Prometheus beside the scenarios, in the lab: as an account that finds the pods, and with what each scenario declares.
import { tellsPodsTheirZone } from '../../../scripts/lib/check/zone-source.ts';
import { serverVersion } from '../../../scripts/lib/cluster/kubectl.ts';
import { type Account, alertNames } from '../watch/configuration.ts';
import { type Declared, expectedOf, type Seen, without, wrongIn } from '../watch/expected.ts';
import { FACTOR, Watch } from '../watch/watch.ts';
import { k } from './kube.ts';
import { say } from './say.ts';
import { withoutAlerts } from './settings.ts';

const home = 'monitoring';
const name = 'prometheus';
/** Of the token: longer than any scenario. */
const LIFE = '4h';

/** Where it lives, so to speak; what it may do comes with the overlay (overlays/watched). */
const objects = [
  { apiVersion: 'v1', kind: 'Namespace', metadata: { name: home } },
  { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace: home } },
];

interface View {
  readonly clusters: readonly {
    readonly cluster: { readonly server: string; readonly 'certificate-authority-data': string };
  }[];
}

const account = async (): Promise<Account> => {
  await k(['apply', '--server-side', '-f', '-'], {
    input: JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects }),
  });
  const token = (await k(['-n', home, 'create', 'token', name, `--duration=${LIFE}`])).trim();
  const view = JSON.parse(await k(['config', 'view', '--raw', '--minify', '-o', 'json'])) as View;
  const cluster = view.clusters[0]?.cluster;
  if (cluster === undefined) throw new Error('the kubeconfig names no cluster');
  return { server: cluster.server, authority: cluster['certificate-authority-data'], token };
};

/** Alerts that Kubernetes gives no figures for: before 1.35 Prometheus is told no zone of a pod. */
const silentHere = async (): Promise<readonly string[]> =>
  tellsPodsTheirZone(await serverVersion()) ? [] : ['ElasticsearchZoneLost'];

const isDeployed = async (namespace: string): Promise<boolean> =>
  (await k(['-n', namespace, 'get', 'statefulset', 'elasticsearch', '--ignore-not-found', '-o', 'name'])).trim() !== '';

/** What a scenario is given. */
export interface Alerts {
  /** Returns when it fires: to be called while the failure lasts. */
  readonly untilFires: (alert: string, seconds: number) => Promise<void>;
  readonly untilClears: (alert: string) => Promise<void>;
}

export class Watching implements Alerts {
  private constructor(
    private readonly namespace: string,
    private readonly watch: Watch | undefined,
    /** What this Kubernetes can fire of what the scenario declares. */
    readonly declared: Declared,
    private readonly silent: readonly string[],
  ) {}

  /** `heard`: everything is there when the scenario begins. */
  static async begin(namespace: string, declared: Declared, heard: boolean): Promise<Watching> {
    if (withoutAlerts !== undefined) return new Watching(namespace, undefined, declared, []);
    const known = alertNames();
    const unknown = expectedOf(declared).filter(({ alert }) => !known.includes(alert));
    if (unknown.length > 0) throw new Error(`no such alert: ${unknown.map(({ alert }) => alert).join(', ')}`);
    const silent = await silentHere();
    const watch = await Watch.begin({ namespace, account: await account(), factor: FACTOR });
    try {
      if (heard) await watch.untilHeard();
    } catch (error) {
      say(watch.log);
      await watch.stop();
      throw error;
    }
    return new Watching(namespace, watch, without(declared, silent), silent);
  }

  private get asked(): Watch {
    if (this.watch === undefined) throw new Error(`this scenario is about alerts: not with ${withoutAlerts ?? ''}`);
    return this.watch;
  }

  async untilFires(alert: string, seconds: number): Promise<void> {
    if (this.silent.includes(alert)) return say(`  ${alert} cannot fire on this Kubernetes`);
    await this.asked.untilFires(alert, seconds);
    say(`  ${alert} fires`);
  }

  async untilClears(alert: string): Promise<void> {
    await this.asked.untilClears(alert);
    say(`  ${alert} has cleared`);
  }

  /** What fired, when all has cleared that will; why, where nobody looked. */
  async seen(unheard?: string): Promise<Seen | string> {
    if (this.watch === undefined) return withoutAlerts ?? '';
    const stays = expectedOf(this.declared).flatMap(({ alert, stays: why }) => (why === undefined ? [] : [alert]));
    // An alert also clears where its source falls silent, unless it is declared that the cluster stays so.
    const isHeard = !stays.includes('ElasticsearchDoesNotAnswer') && (await isDeployed(this.namespace));
    if (unheard === undefined) await (isHeard ? this.watch.untilHeard() : this.watch.expectHeardOnce());
    const seen = await this.watch.seen(stays);
    say(`  alerts: ${seen.fired.join(', ') || 'none'}; Prometheus took ${this.watch.cpuSeconds} s of a processor`);
    return seen;
  }

  async end(): Promise<void> {
    await this.watch?.stop();
  }
}

/** A scenario fails that was as it must be, but of which somebody was told wrongly, or not at all. */
export const expectDeclared = (seen: Seen | string, declared: Declared): void => {
  const wrong = typeof seen === 'string' ? [] : wrongIn(seen, declared);
  if (wrong.length > 0) throw new Error(`alerts: ${wrong.join('; ')}`);
};
