// Prints the zone and all texts of the dashboard, for a test that runs it in several zones.
import { ANSWERS, answered, PANELS } from './answers.ts';
import { draw } from './drawn.ts';

const main = async (): Promise<void> => {
  process.stdout.write(`${new Date(0).getTimezoneOffset()}\n`);
  for (const { file } of PANELS)
    process.stdout.write(
      `${file} ${JSON.stringify((await draw(await answered(file, ANSWERS[file] ?? {}), 'light')).texts)}\n`,
    );
};

void main();
