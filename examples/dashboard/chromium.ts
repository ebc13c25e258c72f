import { existsSync } from 'node:fs';

/** The browser of the machine: Debian's chromium, or the one that CHROMIUM names. */
export function chromiumPath(env: NodeJS.ProcessEnv = process.env): string | undefined {
  return [env['CHROMIUM'], '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(
    (path) => path !== undefined && existsSync(path),
  );
}
