// Writes the Secrets that cannot be made again into one encrypted file: tsx scripts/save-secrets.ts OVERLAY
// RECIPIENT=age1… says who can read it, FILE where it is. FORCE=1 saves also where some are lost.
import type { ISecret } from 'kubernetes-models/v1';
import { command, progress, UserError } from './lib/cli.ts';
import { currentContext, getJson, type List } from './lib/cluster/kubectl.ts';
import { targetOf } from './lib/cluster/target.ts';
import { renderOverlay } from './lib/render/prepare.ts';
import { recipientsIn, writeEncrypted } from './lib/secrets/encrypted.ts';
import { chooseSecrets, namesToSave, type SavedFile } from './lib/secrets/saved.ts';

command(async () => {
  const recipients = recipientsIn(process.env['RECIPIENT'] ?? '');
  const context = await currentContext();
  const { objects } = await renderOverlay(process.argv[2]);
  const { namespace } = targetOf(objects);
  progress(`Context ${context}, namespace ${namespace}: saves the Secrets that cannot be made again`);
  const { items } = await getJson<List<ISecret>>(['-n', namespace, 'secrets']);
  const { save, lost, absent, owned } = chooseSecrets(namesToSave(objects), items);
  for (const name of owned) progress(`Left    ${name}: something else makes it, and is to make it again`);
  for (const name of [...absent, ...lost]) progress(`Absent  ${name}`);
  if (save.length === 0) throw new UserError(`namespace ${namespace} has none of these Secrets: nothing was saved`);
  if (lost.length > 0 && process.env['FORCE'] !== '1')
    throw new UserError(
      `nothing was saved: ${lost.join(', ')} should be there, and is not. The log of Deployment credentials says ` +
        'why. FORCE=1 saves the others',
    );
  const at = new Date().toISOString();
  const file = process.env['FILE'] || `secrets-${namespace}-${at.slice(0, 10)}.age`;
  const content: SavedFile = { namespace, at, secrets: save };
  await writeEncrypted(file, JSON.stringify(content), recipients);
  process.stdout.write(
    `${file}: ${save.length} Secrets${lost.length === 0 ? '' : `, ${lost.length} are missing`}. ` +
      "Keep it, and its key, where this cluster's loss does not reach\n",
  );
});
