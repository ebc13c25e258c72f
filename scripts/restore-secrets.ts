// Puts saved Secrets back, before a deploy: tsx scripts/restore-secrets.ts OVERLAY
// FILE is what save-secrets has written, IDENTITY the file of its key. FORCE=1 replaces what is there and differs.
import type { ISecret } from 'kubernetes-models/v1';
import { command, progress, UserError } from './lib/cli.ts';
import { currentContext, getJson, kubectl, type List } from './lib/cluster/kubectl.ts';
import { targetOf } from './lib/cluster/target.ts';
import type { KubernetesObject } from './lib/objects.ts';
import { renderOverlay } from './lib/render/prepare.ts';
import { readEncrypted } from './lib/secrets/encrypted.ts';
import { asObject, namesToSave, parseSaved, planRestore, type SavedSecret } from './lib/secrets/saved.ts';

/** Over the standard input: no value is in an argument. */
const send = async (verb: 'create' | 'replace', object: object, what: string): Promise<void> => {
  const done = await kubectl([verb, '-f', '-'], { input: JSON.stringify(object) });
  if (done.code !== 0) throw new UserError(`${what} could not be restored: ${done.stderr.trim()}`);
};

/** A deploy would make it; Secrets come first. */
const makeNamespace = async (objects: readonly KubernetesObject[], namespace: string): Promise<void> => {
  const there = await kubectl(['get', 'namespace', namespace, '--ignore-not-found', '-o', 'name']);
  if (there.code !== 0) throw new UserError(`namespace ${namespace} cannot be looked at: ${there.stderr.trim()}`);
  if (there.stdout.trim() !== '') return;
  const own = objects.find(({ kind, metadata }) => kind === 'Namespace' && metadata.name === namespace);
  if (own === undefined) throw new UserError(`namespace ${namespace} must be there: the overlay does not make it`);
  await send('create', own, `namespace ${namespace}`);
};

command(async () => {
  const context = await currentContext();
  const { objects } = await renderOverlay(process.argv[2]);
  const { namespace } = targetOf(objects);
  const text = await readEncrypted(process.env['FILE'] ?? '', process.env['IDENTITY'] ?? '');
  const file = parseSaved(text);
  const force = process.env['FORCE'] === '1';
  progress(`Context ${context}, namespace ${namespace}: puts back Secrets of ${file.at}`);
  if (file.namespace !== namespace && !force)
    throw new UserError(
      `the file is of namespace ${file.namespace}, not ${namespace}: FORCE=1 restores it all the same`,
    );
  await makeNamespace(objects, namespace);
  const { items } = await getJson<List<ISecret>>(['-n', namespace, 'secrets']);
  const { create, same, different, foreign } = planRestore(file.secrets, namesToSave(objects), items);
  for (const name of foreign) progress(`Left    ${name}: the overlay has nothing that reads it`);
  const names = (secrets: readonly SavedSecret[]): string => secrets.map(({ name }) => name).join(', ');
  if (different.length > 0 && !force)
    throw new UserError(
      `there are other values in ${names(different)}: nothing was restored. FORCE=1 replaces them, and whoever has ` +
        'the present passwords is locked out',
    );
  for (const secret of create) await send('create', asObject(secret, namespace), `Secret ${secret.name}`);
  for (const secret of different) await send('replace', asObject(secret, namespace), `Secret ${secret.name}`);
  process.stdout.write(
    `${create.length} Secrets put back, ${different.length} replaced, ${same.length} were as they should be\n`,
  );
});
