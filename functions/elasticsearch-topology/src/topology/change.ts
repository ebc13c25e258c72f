import { difference, type Edit, type Path } from '../yaml/edit.ts';
import type { Json } from '../yaml/json.ts';

/** An edit, and the reason that is told to whoever reads the results. */
export interface Change extends Edit {
  readonly why: string;
}

/** The changes, as small as they can be, that turn what stands at a path into what is wanted. */
export const reconcile = (path: Path, current: unknown, wanted: Json | undefined, why: string): Change[] =>
  difference(path, current, wanted).map((edit) => ({ ...edit, why }));
