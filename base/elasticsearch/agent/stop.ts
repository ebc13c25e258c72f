// The stop of this node, if one goes on. It belongs to one start of Elasticsearch: a container that is started anew in
// its pod, as after a change of its image or its resources, is a node that serves again.

import { beginStop, type OneStop } from './one-stop.ts';
import type { Stop, World } from './ports.ts';
import { createTurnKeeper, type TurnKeeper } from './turn-keeper.ts';
import { decideWanted, nodesNow, type Wanted } from './wanted.ts';

/** A stop, and what it shares with the loop that serves. */
export interface Stopping extends Stop {
  readonly keeper: TurnKeeper;
  /** Asks the API server how many pods are wanted, and remembers it for the time in which it does not answer. */
  lookAtWanted(): Promise<Wanted>;
  /** No hook has asked for so long that Elasticsearch would have stopped. */
  readonly abandoned: boolean;
  /** What goes on is over: the node is there, and serves. */
  forget(): Promise<void>;
}

export const createStop = (world: World): Stopping => {
  const { podName, kubernetes, clock } = world;
  const keeper = createTurnKeeper(world);
  let wanted: Wanted | undefined;
  let current: OneStop | undefined;
  let began = 0;
  let asked = 0;

  const lookAtWanted = async (): Promise<Wanted> => {
    const [namespace, statefulSet] = await Promise.all([kubernetes.namespace(), kubernetes.statefulSet()]);
    wanted = decideWanted(podName, statefulSet, namespace, wanted);
    world.record.wants(nodesNow(wanted));
    return wanted;
  };

  return {
    keeper,
    lookAtWanted,
    get begun() {
      return current !== undefined;
    },
    get abandoned() {
      return current !== undefined && clock() - asked > keeper.leaseSeconds;
    },
    ask(elapsed) {
      asked = clock();
      if (current === undefined) {
        began = asked - elapsed;
        world.record.enter('stopping', began);
        current = beginStop(world, keeper, lookAtWanted, began);
      }
      return current.ask();
    },
    letGo() {
      current?.letGo();
      return current !== undefined;
    },
    async forget() {
      const over = current;
      current = undefined;
      await over?.end();
    },
    status: () => ({
      ...(current?.status() ?? { way: 'none', reason: '' }),
      since: current === undefined ? undefined : began,
    }),
  };
};
