// One agent that serves, over the simulated cluster.

import { createAgent } from '../../../base/elasticsearch/agent/agent.ts';
import type { Files, World } from '../../../base/elasticsearch/agent/ports.ts';
import { createStop } from '../../../base/elasticsearch/agent/stop.ts';
import type { Scene } from './hook.ts';
import { pod } from './pictures.ts';
import { SimulatedFiles } from './simulated-ports.ts';

interface Served {
  readonly scene: Scene;
  readonly files: SimulatedFiles;
  readonly said: string[];
  readonly world: World;
  readonly stop: ReturnType<typeof createStop>;
  readonly end: () => void;
  readonly run: (seconds: number) => Promise<void>;
}

/** An agent that serves. Its node's start is called "1". */
export const serve = (scene: Scene, name = pod(1), over: Partial<Files> = {}): Served => {
  const files = Object.assign(new SimulatedFiles(), over);
  const said: string[] = [];
  const base = scene.world(name);
  const world: World = {
    ...base,
    files,
    say: (level, message, decided) => {
      said.push(message);
      base.say(level, message, decided);
    },
  };
  const stop = createStop(world);
  const ending = new AbortController();
  void createAgent(world, stop).run(ending.signal);
  return {
    scene,
    files,
    said,
    world,
    stop,
    end: () => ending.abort(),
    run: (seconds) => scene.time.run(scene.time.now + seconds),
  };
};
