// tsx test/image/main.ts up      an engine (a private one if none answers) with the function's image in it
//                        engine  only the engine, and the bases in a private one: then `make image` works as everywhere
//                        down    end the private engine
// up and engine print the setting for the docker client:  eval "$(npx tsx test/image/main.ts up)"
import { loadBases } from './bases.ts';
import { type Engine, startEngine, stopEngine } from './engine.ts';
import { functionImageReady } from './function-image.ts';

async function engineWithBases(): Promise<Engine> {
  const engine = await startEngine();
  if (engine.isPrivate) await loadBases(engine);
  return engine;
}

const commands: Record<string, () => Promise<void>> = {
  up: async () => printSetting(await functionImageReady()),
  engine: async () => printSetting(await engineWithBases()),
  down: stopEngine,
};

function printSetting({ env }: Engine): void {
  if (env['DOCKER_HOST'] !== undefined) console.log(`export DOCKER_HOST=${env['DOCKER_HOST']}`);
}

const chosen = commands[process.argv[2] ?? ''];
if (chosen === undefined) {
  console.error('usage: main.ts up | engine | down');
  process.exit(2);
}
chosen().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
