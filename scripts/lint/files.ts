// The files of the checkout that a check looks at: those that Git knows, or would add.
import { execFileSync } from 'node:child_process';
import { lstatSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../lib/paths.ts';

export const tracked = (): string[] =>
  execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '-z'], { cwd: root, encoding: 'utf8' })
    .split('\0')
    // One that is deleted, and not committed yet, is still listed; a link is checked where it leads.
    .filter((file) => lstatSync(join(root, file), { throwIfNoEntry: false })?.isFile() === true);

export const typeScript = (): string[] => tracked().filter((file) => /\.m?ts$/.test(file));

const OTHER = /\.(?:ts|mts|cjs|mjs|json|ya?ml|md|go|java|mod|sum|properties|options)$/;

/** Bash, by the name's ending or by the first line. */
export const shellScripts = (): string[] =>
  tracked().filter((file) => {
    if (OTHER.test(file)) return false;
    return (
      file.endsWith('.sh') || /^#!.*\b(?:ba)?sh\b/.test(readFileSync(join(root, file), 'utf8').split('\n', 1)[0] ?? '')
    );
  });
