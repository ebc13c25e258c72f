// One Elasticsearch node of the image, as a pod of the dev overlay, and questions to it.

import type { NamedImage } from './docker.ts';
import { type Change, Pod } from './pod.ts';
import { makeSecrets, passwords } from './secrets.ts';

const startSeconds = 240;

/** Seen again in the node's settings by a check. */
const settingsByVariables = { 'node.attr.dotted': 'found', ES_SETTING_NODE_ATTR_UPPER__CASE: 'found' };

/**
 * In the container's shell: $server is the server's process. A shell that asks has its words on its own command line.
 */
export const findServer =
  'for d in /proc/[0-9]*; do [ "$(cat $d/comm)" = java ] && grep -qsa bootstrap.Elasticsearch $d/cmdline && ' +
  'server=${d#/proc/}; done 2> /dev/null';

export interface Node {
  readonly pod: Pod;
  /** The body of an answer of the node itself, as the user of probes and hooks. */
  readonly get: (path: string) => Promise<string>;
  /** The HTTP status that a user gets. */
  readonly statusFor: (user: string, password: string) => Promise<number>;
}

const curl = (user: string, password: string, path: string, more: string): string =>
  `curl -s -m 10 ${more} --cacert /usr/share/elasticsearch/config/certificates/ca.crt -u '${user}:${password}' ` +
  `'https://localhost:9200${path}'`;

const nodeOf = (pod: Pod): Node => ({
  pod,
  get: async (path) => (await pod.exec(curl('operations', passwords.operations, path, ''))).output,
  statusFor: async (user, password) =>
    Number((await pod.exec(curl(user, password, '/_security/_authenticate', "-o /dev/null -w '%{http_code}'"))).output),
});

const secrets = new Map<string, ReturnType<typeof makeSecrets>>();

const podOf = async ({ engine, name }: NamedImage): Promise<Pod> => {
  const made = secrets.get(name) ?? makeSecrets(engine, name);
  secrets.set(name, made);
  return Pod.make(engine, name, await made);
};

/** Throws with the end of the log when the node does not answer in time, or ends. */
export const untilUp = async (node: Node): Promise<void> => {
  const end = Date.now() + startSeconds * 1000;
  while (!/"status":"(?:green|yellow)"/.test(await node.get('/_cluster/health'))) {
    if (Date.now() < end && (await node.pod.running())) {
      await new Promise((resolve) => setTimeout(resolve, 1000));
      continue;
    }
    const { stdout, stderr } = await node.pod.logs();
    throw new Error(`the node does not answer:\n${stdout.slice(-3000)}\n${stderr.slice(-3000)}`);
  }
};

/** Started, and green. The caller removes its pod. */
export const startNode = async (image: NamedImage): Promise<Node> => {
  const pod = await podOf(image);
  try {
    await pod.start({ env: settingsByVariables });
    const node = nodeOf(pod);
    await untilUp(node);
    return node;
  } catch (error) {
    await pod.remove();
    throw error;
  }
};

export interface Ended {
  readonly code: number | undefined;
  readonly output: string;
}

/** How a node that is changed so that it can't start ends. */
export const endOf = async (image: NamedImage, change: Change, seconds = 90): Promise<Ended> => {
  const pod = await podOf(image);
  try {
    await pod.start(change);
    const code = await pod.exitCode(seconds);
    const { stdout, stderr } = await pod.logs();
    return { code, output: `${stdout}${stderr}` };
  } finally {
    await pod.remove();
  }
};
