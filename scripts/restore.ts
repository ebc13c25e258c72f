// Restores the reviews into a cluster that has none, and proves that all are there: tsx scripts/restore.ts OVERLAY
// SNAPSHOT=NAME takes that one; FORCE=1 also one that is not good.
import { command, progress, UserError } from './lib/cli.ts';
import { confirm } from './lib/cluster/confirm.ts';
import { currentContext } from './lib/cluster/kubectl.ts';
import { targetOf } from './lib/cluster/target.ts';
import { waitForGreen } from './lib/cluster/wait.ts';
import { renderOverlay } from './lib/render/prepare.ts';
import { askProgram, programOf, restoredIn, restoredText } from './lib/snapshots/program.ts';

const GREEN_SECONDS = 3600;

const wanted = (): readonly string[] => {
  const name = process.env['SNAPSHOT'] ?? '';
  // It is a word of a command in a pod, and a part of a path.
  if (name !== '' && !/^[a-z0-9][a-z0-9._-]*$/.test(name))
    throw new UserError(`SNAPSHOT must be the name of a snapshot, but is "${name}"`);
  return [...(name === '' ? [] : [name]), ...(process.env['FORCE'] === '1' ? ['--force'] : [])];
};

command(async () => {
  const words = wanted();
  const context = await currentContext();
  const { objects } = await renderOverlay(process.argv[2]);
  const target = targetOf(objects);
  const { namespace } = target;
  const program = programOf(objects);
  progress(`Context ${context}, namespace ${namespace}: restores reviews from a snapshot`);
  progress('Where another cluster wrote into the repository last, this one takes it over.');
  await confirm(`Restore into namespace ${namespace} of context ${context}?`, {
    namespace,
    deletesData: false,
    otherwise: 'nothing was restored',
  });
  const begun = Date.now();
  const restored = restoredIn(await askProgram(namespace, program, ['restore', ...words]));
  const readable = (Date.now() - begun) / 1000;
  progress('Waiting until every copy is there');
  await waitForGreen(target, { seconds: GREEN_SECONDS, say: progress });
  const green = (Date.now() - begun) / 1000;
  process.stdout.write(
    `${restoredText(restored)}: readable after ${readable.toFixed(0)} s, green after ${green.toFixed(0)} s. ` +
      'Customers who were erased after that snapshot are back, too: erase them again.\n',
  );
});
