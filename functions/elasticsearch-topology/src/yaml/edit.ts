import { equal, isMap, type Json } from './json.ts';

export type Path = readonly (string | number)[];

/**
 * The value that must stand at a path, or none (`undefined`: delete it). The last step of a path may be a new key, or
 * the length of a list to append to it. Edits of a document apply one after the other.
 */
export interface Edit {
  readonly path: Path;
  readonly value: Json | undefined;
}

/** The edits, as small as they can be, that turn what stands at a path into what is wanted. */
export function difference(path: Path, current: unknown, wanted: Json | undefined): Edit[] {
  if (equal(current, wanted)) return [];
  if (isMap(current) && isMap(wanted)) {
    const gone = Object.keys(current).filter((key) => !Object.hasOwn(wanted, key));
    return [
      ...Object.entries(wanted).flatMap(([key, value]) => difference([...path, key], own(current, key), value)),
      ...gone.map((key) => ({ path: [...path, key], value: undefined })),
    ];
  }
  if (Array.isArray(current) && Array.isArray(wanted) && current.length === wanted.length) {
    return wanted.flatMap((value, i) => difference([...path, i], current[i], value));
  }
  return [{ path, value: wanted }];
}

const own = (map: Record<string, unknown>, key: string): unknown => (Object.hasOwn(map, key) ? map[key] : undefined);

/** The same edit made to data instead of text. What is given stays as it is. */
export function applyEdit(data: unknown, { path, value }: Edit): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return value;
  const change = (old: unknown): unknown => applyEdit(old, { path: rest, value });
  if (typeof step === 'number') {
    const list = Array.isArray(data) ? [...data] : [];
    if (rest.length === 0 && value === undefined) list.splice(step, 1);
    else list[step] = change(list[step]);
    return list;
  }
  const entries = Object.entries(isMap(data) ? data : {});
  if (rest.length === 0 && value === undefined) return Object.fromEntries(entries.filter(([key]) => key !== step));
  const changed = change(isMap(data) ? own(data, step) : undefined);
  return Object.fromEntries(
    entries.some(([key]) => key === step)
      ? entries.map(([key, old]) => [key, key === step ? changed : old])
      : [...entries, [step, changed]],
  );
}
