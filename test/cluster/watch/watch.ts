// The alerts of one scenario: is the cluster heard, which alerts fire, and do they clear?
import { setTimeout as pause } from 'node:timers/promises';
import { until } from '../harness/until.ts';
import type { Seen } from './expected.ts';
import { Prometheus, type Watched } from './prometheus.ts';

/** One minute of the rules is ten seconds of a scenario: longer than a restart takes here, shorter than a failure. */
export const FACTOR = 6;

/** The pods' containers may have just begun, and a target that was not there is looked for again within seconds. */
const HEARD_SECONDS = 150;
/** The longest windows of alerts that must clear, and some scrapes; what looks back for longer is declared to stay. */
const CLEAR_SECONDS = 240;
/** Prometheus asks itself as it asks all others: late on a busy machine, and of a short watch only after its end. */
const OWN_SECONDS = 60;

const names = (prometheus: Prometheus, selector: string): Promise<string[]> =>
  prometheus
    .query(`count by (alertname) (${selector})`)
    .then((samples) => samples.map(({ metric }) => metric['alertname'] ?? '').sort());

export class Watch {
  private constructor(
    private readonly prometheus: Prometheus,
    private readonly namespace: string,
  ) {}

  static async begin(watched: Watched): Promise<Watch> {
    return new Watch(await Prometheus.start(watched), watched.namespace);
  }

  private get firing(): string {
    return `ALERTS{alertstate="firing", namespace="${this.namespace}"}`;
  }

  private here(metric: string, ...conditions: readonly string[]): string {
    return `${metric}{${[`namespace="${this.namespace}"`, ...conditions].join(', ')}}`;
  }

  /** Exporter, cluster and agents: what is not heard from the beginning could not be missed. */
  async untilHeard(seconds = HEARD_SECONDS): Promise<void> {
    const wanted = {
      exporter: this.here('up', 'job="elasticsearch-exporter"'),
      cluster: this.here('elasticsearch_cluster_health_status'),
      'wanted nodes': this.here('reviews:elasticsearch_nodes_wanted'),
      agents: `count by (namespace) (${this.here('up', 'job="elasticsearch-agents"')} == 1)
        == on (namespace) ${this.here('reviews:elasticsearch_nodes_wanted')}`,
    };
    await until('Prometheus hearing all', { seconds }, async () => {
      const unheard = await this.prometheus.query(`${this.here('up')} == 0`);
      const lacking = [];
      for (const [what, selector] of Object.entries(wanted))
        if ((await this.prometheus.query(selector)).length === 0) lacking.push(what);
      if (unheard.length === 0 && lacking.length === 0) return true;
      throw new Error(JSON.stringify({ unheard: unheard.map(({ metric }) => metric['pod']), lacking }));
    });
  }

  firingNow(): Promise<string[]> {
    return names(this.prometheus, this.firing);
  }

  async untilFires(alert: string, seconds: number): Promise<void> {
    await until(`${alert} firing`, { seconds }, async () => (await this.firingNow()).includes(alert));
  }

  async untilClears(alert: string, seconds = CLEAR_SECONDS): Promise<void> {
    await until(`the end of ${alert}`, { seconds }, async () => !(await this.firingNow()).includes(alert));
  }

  /** Since it began, of each source: what was never heard has shown nothing. */
  async expectHeardOnce(): Promise<void> {
    for (const job of ['elasticsearch-exporter', 'elasticsearch-agents']) {
      const heard = `max_over_time(${this.here('up', `job="${job}"`)}[1d]) == 1`;
      if ((await this.prometheus.query(heard)).length === 0) throw new Error(`Prometheus never heard ${job}`);
    }
  }

  /**
   * Waits until nothing fires, or would if it went on, but what `stays`; at most for as long as the rules look back.
   * Rules that could not be evaluated would be silent: an error.
   */
  async seen(stays: readonly string[], seconds = CLEAR_SECONDS): Promise<Seen> {
    const end = Date.now() + seconds * 1000;
    const held = `ALERTS{namespace="${this.namespace}"}`;
    let still = await names(this.prometheus, held);
    while (still.some((alert) => !stays.includes(alert)) && Date.now() < end) {
      await pause(2000);
      still = await names(this.prometheus, held);
    }
    const failures = await until(
      'Prometheus telling whether its rules could be evaluated',
      { seconds: OWN_SECONDS },
      () =>
        this.prometheus
          .query('sum by (rule_group) (prometheus_rule_evaluation_failures_total)')
          .then((samples) => (samples.length > 0 ? samples : undefined)),
    );
    if (failures.some(({ value }) => value > 0)) throw new Error(`rules that could not be evaluated: ${this.log}`);
    // Longer than any scenario.
    return { fired: await names(this.prometheus, `count_over_time(${this.firing}[1d])`), still };
  }

  get cpuSeconds(): number {
    return this.prometheus.cpuSeconds;
  }

  /** Of Prometheus itself: warnings and worse. */
  get log(): string {
    return this.prometheus.log;
  }

  stop(): Promise<void> {
    return this.prometheus.stop();
  }
}
