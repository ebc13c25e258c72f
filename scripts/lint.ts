// Runs every check, or those that are named: tsx scripts/lint.ts [CHECK …]
import { command, UserError } from './lib/cli.ts';
import { checks } from './lint/checks.ts';

command(async () => {
  const names = process.argv.slice(2);
  const unknown = names.filter((name) => !Object.hasOwn(checks, name));
  if (unknown.length > 0)
    throw new UserError(`no check is called ${unknown.join(', ')}; there are ${Object.keys(checks).join(', ')}`);
  const wrong: string[] = [];
  for (const [name, check] of Object.entries(checks)) {
    if (names.length > 0 && !names.includes(name)) continue;
    const findings = await check();
    process.stdout.write(findings === '' ? `ok       ${name}\n` : `${findings}\nfindings ${name}\n`);
    if (findings !== '') wrong.push(name);
  }
  if (wrong.length > 0) throw new UserError(`findings of ${wrong.join(', ')}; make format mends what a tool can`);
});
