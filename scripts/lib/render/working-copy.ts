// A render works on a temporary copy of the Kustomizations, so that it may put things right in the files first.
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** What a kustomization may refer to: everything that the render needs, and no more. */
const parts = (root: string, folder: string): string[] =>
  [...new Set(['base', 'components', 'overlays', dirname(folder)])].filter(
    (part, _, all) =>
      part !== '.' &&
      existsSync(join(root, part)) &&
      !all.some((other) => other !== part && part.startsWith(`${other}/`)),
  );

/** Calls `use` with a copy in which `edit` has changed the text of each YAML file, and removes the copy. */
export const withWorkingCopy = async <Result>(
  root: string,
  folder: string,
  edit: (text: string) => string,
  use: (copy: string) => Promise<Result>,
): Promise<Result> => {
  const copy = mkdtempSync(join(tmpdir(), 'delivery-reviews-'));
  try {
    for (const part of parts(root, folder)) cpSync(join(root, part), join(copy, part), { recursive: true });
    for (const entry of readdirSync(copy, { recursive: true, encoding: 'utf8' })) {
      if (!/\.ya?ml$/.test(entry)) continue;
      const text = readFileSync(join(copy, entry), 'utf8');
      const edited = edit(text);
      if (edited !== text) writeFileSync(join(copy, entry), edited);
    }
    return await use(copy);
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
};
