// One input of the fuzzer: a list from the grammar held to the whole law, or a broken copy held to what must always be.
import { loadAll } from 'js-yaml';
import { run } from '../../functions/elasticsearch-topology/src/run.ts';
import { call } from '../function/support/call.ts';
import { broken } from '../function/support/law.ts';
import { generate } from '../function/support/lists.ts';
import { random, randomTape } from '../function/support/tape.ts';

/** What is wrong with what the function makes of the input of a seed. */
export function trial(seed: number): string[] {
  try {
    const list = generate(randomTape(seed, 4000));
    return seed % 5 === 0 ? wrongWith(damaged(list.text, random(seed))) : broken(list, call(list.text));
  } catch (error) {
    return [error instanceof Error ? `it threw ${error.stack ?? error.message}` : String(error)];
  }
}

/** The text with pieces cut out, doubled, moved, or replaced by what means something in YAML. */
function damaged(text: string, next: () => number): string {
  const signs = [
    '\n',
    ' ',
    '- ',
    ': ',
    '"',
    "'",
    '{',
    ']',
    '|',
    '#',
    '&a ',
    '*a',
    '\t',
    '---\n',
    '...\n',
    '\r',
    '\uFEFF',
    '!!x ',
    '? ',
  ];
  let out = text;
  for (let times = 1 + (next() % 3); times > 0; times--) {
    const at = next() % (out.length + 1);
    const end = at + (next() % 40);
    const sign = signs[next() % signs.length] ?? '';
    const from = next() % (out.length + 1);
    const middle = [sign, '', out.slice(at, end).repeat(2), out.slice(from, from + 60)][next() % 4] ?? '';
    out = out.slice(0, at) + middle + out.slice(end);
  }
  return out;
}

function wrongWith(text: string): string[] {
  const { code, stdout, stderr } = run(Buffer.from(text));
  const output = Buffer.concat([...stdout]).toString();
  const problems: string[] = [];
  if (code === 0 && output === '') problems.push('exit code 0 with an empty output');
  if (code !== 0 && !stderr.some((line) => line.startsWith('error: '))) problems.push('an exit code without an error');
  if (output !== '' && isYaml(text) && !isYaml(output)) problems.push('the output is no YAML, though the input is');
  return problems;
}

function isYaml(text: string): boolean {
  try {
    return loadAll(text).length > 0;
  } catch {
    return false;
  }
}
