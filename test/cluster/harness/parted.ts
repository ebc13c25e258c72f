// How often keepalive parts two healthy nodes, where packets are lost by chance.

/** Channels of transport between two nodes: 13 that each has opened to the other, and both ends of each ask. */
export const STREAMS = 2 * 13 * 2;

/**
 * Connections given up in error, per second, between two nodes that are idle. An idle connection is asked once a
 * second; a question fails if it or its answer is lost, and `count` failures in a row are one too many. `loss`: of
 * packets each way, 0 to 1. Connections that carry data are not asked, so a busy pair is parted less often.
 */
export const partingsPerSecond = (loss: number, count: number): number => {
  const failed = 1 - (1 - loss) ** 2;
  return STREAMS * (1 - failed) * failed ** count;
};
