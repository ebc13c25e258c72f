// The contract between the manifests and the image of Elasticsearch: every check, and how they run.
import type { Check, Image } from './check.ts';
import { agentChecks } from './checks/agent.ts';
import { endChecks } from './checks/ends.ts';
import { imageChecks } from './checks/image.ts';
import { onlyOfficialChecks } from './checks/only-official.ts';
import { passwordChecks } from './checks/password.ts';
import { startChecks } from './checks/start.ts';
import { toolChecks } from './checks/tools.ts';
import { type Docker, must } from './docker.ts';
import { type Node, startNode } from './node.ts';

export const checks: readonly Check[] = [
  ...imageChecks,
  ...toolChecks,
  ...startChecks,
  ...agentChecks,
  ...endChecks,
  ...onlyOfficialChecks,
  ...passwordChecks,
];

/** Characters of a finding; a node that does not start would otherwise fill the page once for each check. */
const longest = 2000;

export interface Result {
  readonly check: Check;
  /** What was found instead; undefined when the image keeps to it. */
  readonly finding?: string;
  readonly skipped: boolean;
}

/** The image with its one node, which is started when the first check asks for it. */
export const openImage = async (
  engine: Docker,
  name: string,
): Promise<{ readonly image: Image; readonly close: () => Promise<void> }> => {
  const labels = await must(engine, ['inspect', '--format={{json .Config.Labels}}', name]);
  let started: Promise<Node> | undefined;
  const image: Image = {
    engine,
    name,
    isStandIn: labels.includes('delivery-reviews.dev/stand-in'),
    node: () => (started ??= startNode(image)),
  };
  return {
    image,
    close: async () =>
      started?.then(
        ({ pod }) => pod.remove(),
        () => undefined,
      ),
  };
};

export const runCheck = async (image: Image, check: Check): Promise<Result> => {
  if (image.isStandIn && check.cannotBeHad !== undefined) return { check, skipped: true };
  const finding = await check
    .run(image)
    .catch((error: unknown) => (error instanceof Error ? error.message : String(error)).slice(-longest));
  return { check, skipped: false, ...(finding === undefined ? {} : { finding }) };
};
