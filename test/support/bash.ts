// A piece of bash that a test runs on this machine, as words for spawn and its like.

/**
 * `words` are its $1, $2 …. Without `--norc`, bash that gets a command and has a socket for its standard input takes
 * itself for called from afar, and reads the user's ~/.bashrc first, unless it runs in another shell (SHLVL). A socket
 * is what Node.js gives its children: https://git.savannah.gnu.org/cgit/bash.git/tree/shell.c (run_startup_files)
 */
export const bashCommand = (script: string, ...words: readonly string[]): [string, ...string[]] => [
  'bash',
  '--norc',
  '-c',
  script,
  'bash',
  ...words,
];
