// Server-side apply: what has not changed is not touched, so a second deploy restarts nothing.
import { progress, UserError } from '../cli.ts';
import { documentsOf, parseManifests } from '../objects.ts';
import type { Finished } from '../process.ts';
import { type Contested, conflictsOf, contestedLines, hasConflicts, isEarlierApply } from './conflicts.ts';
import { kubectl } from './kubectl.ts';
import { withoutLastApplied } from './last-applied.ts';

/**
 * kubectl's own default. Only to this name does the API server hand over what `kubectl apply` has set on the client's
 * side, so that the user's own commands and this one can follow each other: lastAppliedManager in
 * https://github.com/kubernetes/apimachinery/tree/master/pkg/util/managedfields/internal
 */
export const fieldManager = 'kubectl';

const send = (manifests: string, ...flags: readonly string[]): Promise<Finished> =>
  kubectl(['apply', '--server-side', `--field-manager=${fieldManager}`, ...flags, '-f', '-'], {
    input: manifests,
    seconds: 300,
  });

const hintFor = (stderr: string): string =>
  stderr.includes('updates to statefulset spec for fields other than')
    ? '. Kubernetes does not change these fields of a StatefulSet. Where the size of its claims differs, ' +
      '`make expand-storage` with this overlay sees to it. Else delete it with --cascade=orphan, ' +
      'which leaves pods and data alone, and deploy again'
    : '';

const failed = ({ stderr }: Finished): UserError => {
  progress(stderr.trim());
  return new UserError(`the manifests could not be applied${hintFor(stderr)}`);
};

/** kubectl does not say of which object a conflict is, so each is tried by itself; nothing is stored. */
const contestedOf = async (
  documents: readonly string[],
): Promise<{ readonly document: string; readonly contested: Contested }[]> => {
  const found = [];
  for (const document of documents) {
    const [object] = parseManifests(document);
    const tried = await send(document, '--dry-run=server');
    if (object === undefined || tried.code === 0 || !hasConflicts(tried.stderr)) continue;
    found.push({ document, contested: { object, conflicts: conflictsOf(tried.stderr) } });
  }
  return found;
};

/** Takes over what only an earlier `kubectl apply` holds, and refuses where somebody else has changed something. */
const settle = async (manifests: string, refused: Finished): Promise<void> => {
  const found = await contestedOf(documentsOf(manifests));
  const others = found.filter(({ contested }) => !isEarlierApply(contested));
  if (found.length === 0) throw failed(refused);
  if (others.length > 0) {
    const lines = others.flatMap(({ contested }) => contestedLines(contested));
    throw new UserError(
      `somebody else has changed fields that the overlay sets:\n  ${lines.join('\n  ')}\n` +
        'Put the values into the overlay, or take them over with FORCE=1',
    );
  }
  progress(
    'The API server had added something to fields that an earlier kubectl apply has set; ' +
      "they are the overlay's own, and are taken over:",
  );
  for (const { contested } of found) progress(`  ${contestedLines(contested).join('\n  ')}`);
  const taken = await send(found.map(({ document }) => document).join('---\n'), '--force-conflicts');
  if (taken.code !== 0) throw failed(taken);
  const again = await send(manifests);
  if (again.code !== 0) throw failed(again);
};

export const apply = async (manifests: string, force: boolean): Promise<void> => {
  const applied = await send(manifests, ...(force ? ['--force-conflicts'] : []));
  progress(applied.stdout.trim());
  if (applied.code === 0) return;
  if (!hasConflicts(applied.stderr)) throw failed(applied);
  await settle(manifests, applied);
};

/** What an apply would change, as kubectl shows it; empty when nothing. Fields that others own are shown as well. */
export const serverDiff = async (manifests: string): Promise<string> => {
  const args = ['diff', '--server-side', '--force-conflicts', `--field-manager=${fieldManager}`, '-f', '-'];
  const { code, stdout, stderr } = await kubectl(args, { input: manifests, seconds: 300 });
  if (code > 1 && /namespaces "[^"]*" not found/.test(stderr))
    throw new UserError('the namespace does not exist yet: a deploy would create everything');
  if (code > 1) throw new UserError(`kubectl diff failed:\n${stderr.trim()}`);
  return withoutLastApplied(stdout);
};
