// One pod that is being stopped, over the simulated cluster, with answers of one's own for some questions.

import type { Elasticsearch, Kubernetes, Waits, World } from '../../../base/elasticsearch/agent/ports.ts';
import { counting, createRecord } from '../../../base/elasticsearch/agent/record.ts';
import { createStop, type Stopping } from '../../../base/elasticsearch/agent/stop.ts';
import type { Decided } from '../../../base/elasticsearch/agent/watched.ts';
import { picture, type Sketch } from './pictures.ts';
import { SimulatedCluster } from './simulated-cluster.ts';
import { SimulatedFiles, simulatedElasticsearch, simulatedKubernetes } from './simulated-ports.ts';
import { VirtualTime } from './virtual-time.ts';

/** As base/elasticsearch has them. */
export const WAITS: Waits = {
  READY_RECOVERY_SECONDS: 3600,
  READY_STALL_SECONDS: 30,
  PRE_STOP_SPARE_SECONDS: 1800,
  PRE_STOP_MOVE_SECONDS: 3600,
  PRE_STOP_BLIND_SECONDS: 30,
  PRE_STOP_DRAIN_SECONDS: 5,
  SHUTDOWN_SECONDS: 120,
};

export class Scene {
  readonly time = new VirtualTime();
  readonly cluster: SimulatedCluster;
  readonly wanted = { replicas: 3 };
  /** What changed something in the cluster, in order. */
  readonly changes: string[] = [];
  /** What the log says of decisions, a line each. */
  readonly decided: Decided[] = [];
  es: Partial<Elasticsearch> = {};
  kube: Partial<Kubernetes> = {};
  readonly waits: Waits = WAITS;

  constructor(sketch: Sketch = {}) {
    const seen = picture(sketch);
    this.cluster = new SimulatedCluster(
      () => this.time.now,
      [...seen.members.values()].map(({ name }) => name),
      seen.copies,
    );
    const { excluded, notes } = seen.settings;
    const { master, voters, votesGivenUp: exclusions } = seen;
    const first = this.cluster.state;
    this.cluster.history[0] = { at: 0, state: { ...first, master, voters, exclusions, excluded, notes } };
  }

  world(podName: string): World {
    const { time, cluster, wanted, changes } = this;
    const process = { alive: true };
    const record = createRecord(() => time.now);
    const faults = { lag: 0, lost: 0, silent: [0, 0] } as const;
    const applied = { index: 0 };
    const es = simulatedElasticsearch(time, cluster, podName, applied, process, faults, () => 0.1);
    const kube = simulatedKubernetes(time, cluster, podName, wanted, process, faults, () => 0.1);
    const note =
      <Args extends unknown[], Result>(name: string, act: (...args: Args) => Result) =>
      (...args: Args): Result => {
        const shown = args.map((arg) => (arg instanceof Map ? JSON.stringify([...arg]) : String(arg)));
        changes.push(`${name} ${shown.join(' ')}`);
        return act(...args);
      };
    const changing: Partial<Elasticsearch> = {
      changeSettings: note('settings', es.changeSettings),
      giveUpVote: note('vote', es.giveUpVote),
      giveUpVotesOf: note('votes', es.giveUpVotesOf),
      clearVotingExclusions: note('clear', es.clearVotingExclusions),
    };
    /** What the test says at the moment of the call comes first. */
    const layered = <Port extends object>(base: Port, over: () => Partial<Port>): Port =>
      new Proxy(base, { get: (target, key) => Reflect.get(over(), key) ?? Reflect.get(target, key) });
    return {
      podName,
      elasticsearch: layered({ ...es, ...changing }, () => this.es),
      kubernetes: layered(kube, () => this.kube),
      files: new SimulatedFiles(),
      clock: () => time.now,
      say: counting(record, (_level, _message, decided) => {
        if (decided !== undefined) this.decided.push(decided);
      }),
      record,
      sleep: (seconds) => time.sleep(seconds),
      waits: this.waits,
    };
  }

  /** Of an agent that has run for a while. */
  async stopOf(podName: string): Promise<Stopping> {
    const stop = createStop(this.world(podName));
    await this.time.run(this.time.now + 100);
    return stop;
  }

  /** Asks as the hook does; what was said, and after how many seconds Elasticsearch may be stopped. */
  async hook(stop: Stopping, limit = 6000, elapsed = 0): Promise<{ said: string; after: number | undefined }> {
    const begin = this.time.now;
    const lines: string[] = [];
    while (this.time.now - begin <= limit) {
      const { go, reasons } = stop.ask(elapsed + Math.floor(this.time.now - begin));
      lines.push(...reasons);
      if (go) return { said: lines.join('\n'), after: Math.round(this.time.now - begin) };
      await this.time.run(this.time.now + 1);
    }
    return { said: lines.join('\n'), after: undefined };
  }
}
