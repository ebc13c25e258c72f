// A pod: a node, its agent, which may be killed at any time, and the hook that asks.

import { createAgent } from '../../../base/elasticsearch/agent/agent.ts';
import type { Waits, World } from '../../../base/elasticsearch/agent/ports.ts';
import { createRecord } from '../../../base/elasticsearch/agent/record.ts';
import { createStop, type Stopping } from '../../../base/elasticsearch/agent/stop.ts';
import type { SimulatedCluster } from './simulated-cluster.ts';
import {
  type Chance,
  type Faults,
  type Process,
  SimulatedFiles,
  simulatedElasticsearch,
  simulatedKubernetes,
} from './simulated-ports.ts';
import type { VirtualTime } from './virtual-time.ts';

export interface Simulation {
  readonly time: VirtualTime;
  readonly cluster: SimulatedCluster;
  readonly wanted: { replicas: number };
  readonly faults: Faults;
  readonly chance: Chance;
  readonly waits: Waits;
  readonly log: string[];
}

export class SimulatedPod {
  readonly name: string;
  readonly #simulation: Simulation;
  readonly #files = new SimulatedFiles();
  readonly #applied = { index: 0 };
  #process: Process = { alive: false };
  #stop: Stopping | undefined;
  #told: number | undefined;
  stopped = false;

  constructor(simulation: Simulation, name: string) {
    this.name = name;
    this.#simulation = simulation;
    this.#files.admittedNames.add('1');
    this.#startAgent();
  }

  /** Kills the agent's process; another one is there after a few seconds. */
  crash(): void {
    const { time, chance } = this.#simulation;
    this.#process.alive = false;
    this.#stop = undefined;
    this.#simulation.log.push(`${time.now.toFixed(1)} ${this.name} agent killed`);
    time.at(1 + chance() * 10, () => this.#startAgent());
  }

  /** The hook begins, and ends when the agent lets it. Then the node is ended within SHUTDOWN_SECONDS. */
  tellToStop(ended: (pod: SimulatedPod) => void): void {
    if (this.#told !== undefined) return;
    this.#told = this.#simulation.time.now;
    const { time, chance, waits, log, cluster } = this.#simulation;
    const ask = (): void => {
      const answer = this.#stop?.ask(Math.round(time.now - (this.#told ?? 0)));
      for (const reason of answer?.reasons ?? []) log.push(`${time.now.toFixed(1)} ${this.name} ${reason}`);
      if (answer?.go !== true) return time.at(1 + chance(), ask);
      time.at(chance() * waits.SHUTDOWN_SECONDS, () => {
        log.push(`${time.now.toFixed(1)} ${this.name} stops`);
        this.stopped = true;
        cluster.stop(this.name);
        ended(this);
      });
    };
    ask();
  }

  /** The pod comes back after a restart, with another agent. */
  comeBack(): void {
    const { time, cluster, log } = this.#simulation;
    log.push(`${time.now.toFixed(1)} ${this.name} is back`);
    this.#process.alive = false;
    this.#told = undefined;
    this.#files.name = String(Number(this.#files.name) + 1);
    this.stopped = false;
    cluster.start(this.name);
    this.#applied.index = cluster.history.length - 1;
    this.#startAgent();
  }

  #startAgent(): void {
    const { time, cluster, wanted, faults, chance, waits, log } = this.#simulation;
    this.#process.alive = false;
    const process = { alive: true };
    this.#process = process;
    const shift = chance() * 1e6;
    const world: World = {
      podName: this.name,
      elasticsearch: simulatedElasticsearch(time, cluster, this.name, this.#applied, process, faults, chance),
      kubernetes: simulatedKubernetes(time, cluster, this.name, wanted, process, faults, chance),
      files: this.#files,
      clock: () => time.now + shift,
      record: createRecord(() => time.now + shift),
      say: (_, message) => {
        if (process.alive) log.push(`${time.now.toFixed(1)} ${this.name}: ${message}`);
      },
      sleep: async (seconds) => {
        await time.sleep(seconds);
        if (!process.alive) await new Promise(() => undefined);
      },
      waits,
    };
    this.#stop = createStop(world);
    void createAgent(world, this.#stop).run(new AbortController().signal);
  }
}
