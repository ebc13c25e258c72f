// Restores the newest good snapshot beside the live data, compares it with what was recorded, and removes it again:
// tsx scripts/restore-drill.ts OVERLAY
import { command, progress } from './lib/cli.ts';
import { currentContext } from './lib/cluster/kubectl.ts';
import { targetOf } from './lib/cluster/target.ts';
import { renderOverlay } from './lib/render/prepare.ts';
import { count, number, text } from './lib/shape.ts';
import { askProgram, programOf } from './lib/snapshots/program.ts';

command(async () => {
  const context = await currentContext();
  const { objects } = await renderOverlay(process.argv[2]);
  const { namespace } = targetOf(objects);
  const program = programOf(objects);
  progress(`Context ${context}, namespace ${namespace}: restores the newest good snapshot beside the live data`);
  const answer = await askProgram(namespace, program, ['drill']);
  const [snapshot, reviews] = [text(answer['snapshot'], 'snapshot'), count(answer['reviews'], 'reviews')];
  process.stdout.write(
    `${snapshot} can be restored: ${reviews} reviews, as recorded, in ` +
      `${number(answer['seconds'], 'seconds').toFixed(1)} s\n`,
  );
});
