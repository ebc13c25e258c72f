// Conflicts of a server-side apply, as kubectl words them: who holds which field, and whether that is only an earlier
// `kubectl apply`. The wording is NewConflictError's:
// https://github.com/kubernetes/apimachinery/tree/master/pkg/util/managedfields/internal
import { type KubernetesObject, label } from '../objects.ts';

export interface Conflict {
  readonly manager: string;
  /** scale, status … where the field was not set through the object itself. */
  readonly subresource?: string;
  readonly field: string;
}

export interface Contested {
  readonly object: KubernetesObject;
  /** Unknown where the message could not be read. */
  readonly conflicts: readonly Conflict[] | undefined;
}

const clientSide = 'kubectl-client-side-apply';
const head = /Apply failed with (\d+) conflicts?: /;
const holder = /conflicts? with "([^"]*)"(?: with subresource "([^"]*)")?[^\n]*?:(?: (\..*))?$/;

export const hasConflicts = (message: string): boolean => head.test(message);

/** Every conflict of one object, or nothing where the count that the message states was not found. */
export const conflictsOf = (message: string): readonly Conflict[] | undefined => {
  const stated = head.exec(message);
  if (stated === null) return undefined;
  const found: Conflict[] = [];
  let held: Omit<Conflict, 'field'> | undefined;
  for (const line of message.slice(stated.index + stated[0].length).split('\n')) {
    const [, manager, subresource, field] = holder.exec(line) ?? [];
    if (manager !== undefined) held = subresource === undefined ? { manager } : { manager, subresource };
    const path = field ?? /^- (\..*)$/.exec(line)?.[1];
    if (held === undefined || path === undefined) continue;
    found.push({ ...held, field: path });
  }
  return found.length === Number(stated[1]) ? found : undefined;
};

/**
 * Whether only `kubectl apply` without `--server-side` holds the fields. What it has set is the user's own earlier
 * deploy; the API server hands it over by itself, but not where it has added something to the value, such as the
 * `apiVersion` of a `fieldRef`.
 */
export const isEarlierApply = ({ conflicts }: Contested): boolean =>
  conflicts !== undefined &&
  conflicts.length > 0 &&
  conflicts.every(({ manager, subresource }) => manager === clientSide && subresource === undefined);

const who = ({ manager, subresource }: Conflict): string => {
  if (subresource === 'scale')
    return manager.startsWith('kubectl') ? 'kubectl scale' : `"${manager}", as autoscalers do`;
  if (manager === clientSide) return 'kubectl apply';
  const command = /^kubectl-(.+)$/.exec(manager)?.[1];
  return command === undefined ? `"${manager}"` : `kubectl ${command}`;
};

/** One line for each object and each that holds fields of it. */
export const contestedLines = ({ object, conflicts }: Contested): string[] => {
  if (conflicts === undefined)
    return [`${label(object)}: fields that others hold; kubectl's message could not be read further`];
  const fields = new Map<string, string[]>();
  for (const conflict of conflicts) fields.set(who(conflict), [...(fields.get(who(conflict)) ?? []), conflict.field]);
  return [...fields].map(([name, paths]) => `${label(object)}: ${paths.join(', ')}, set by ${name}`);
};
