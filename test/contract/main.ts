// Does an image keep to the contract? tsx test/contract/main.ts IMAGE
// With docker.elastic.co/elasticsearch/elasticsearch:VERSION it proves the stand-in right or wrong; without IMAGE the
// stand-in itself is asked.
import { checks, openImage, runCheck } from './contract.ts';
import { type Docker, docker } from './docker.ts';
import { otherImages } from './pod.ts';
import { standIn } from './stand-in.ts';

/** What the engine has is taken as it is. */
const pull = async (engine: Docker, name: string): Promise<void> => {
  if ((await docker(engine, ['image', 'inspect', name])).code === 0) return;
  process.stderr.write(`Pulling ${name} …\n`);
  const done = await docker(engine, ['pull', '--quiet', name], '', 1200);
  if (done.code !== 0) throw new Error(`${name} can't be had: ${done.stderr.trim()}`);
};

const pulled = async (name: string): Promise<Docker> => {
  const engine = { env: process.env };
  for (const image of [name, ...otherImages()]) await pull(engine, image);
  return engine;
};

const main = async (name: string | undefined): Promise<number> => {
  const asked = name === undefined || name === '' ? await standIn() : { engine: await pulled(name), name };
  const { image, close } = await openImage(asked.engine, asked.name);
  const count = { kept: 0, broken: 0, skipped: 0 };
  try {
    for (const check of checks) {
      const { finding, skipped } = await runCheck(image, check);
      count[skipped ? 'skipped' : finding === undefined ? 'kept' : 'broken'] += 1;
      const mark = skipped ? 'SKIP' : finding === undefined ? 'ok' : 'FAIL';
      process.stdout.write(
        `${mark.padEnd(4)} ${check.name}: ${check.fact}${skipped ? ` (${check.cannotBeHad ?? ''})` : ''}\n`,
      );
      if (finding !== undefined) process.stdout.write(`       ${finding.replaceAll('\n', '\n       ')}\n`);
    }
  } finally {
    await close();
  }
  process.stdout.write(`${count.kept} kept, ${count.broken} broken, ${count.skipped} not asked of a stand-in\n`);
  return count.broken === 0 ? 0 : 1;
};

main(process.argv[2]).then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(2);
  },
);
