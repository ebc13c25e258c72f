// What the runbooks tell people to type: lines of blocks, and words between back quotes.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../../scripts/lib/paths.ts';

const folder = join(root, 'docs/runbooks');

export interface Command {
  readonly page: string;
  readonly text: string;
}

interface Parts {
  readonly blocks: readonly string[];
  readonly inline: readonly string[];
}

const partsOf = (page: string): Parts => {
  const fenced = [...page.matchAll(/^```\w*\n([\s\S]*?)^```$/gm)].flatMap(([, text = '']) => text.split('\n'));
  const prose = page.replaceAll(/^```\w*\n[\s\S]*?^```$/gm, '').replaceAll('\\\n', '');
  const indented = prose.split('\n').flatMap((line) => /^ {4}(\S.*)$/.exec(line)?.[1] ?? []);
  return {
    blocks: [...fenced, ...indented].map((line) => line.trim()).filter((line) => line !== ''),
    inline: Array.from(prose.matchAll(/`([^`\n]+)`/g), ([, text = '']) => text),
  };
};

const PROGRAM = /^(?:kubectl|make|npm|kustomize) \S/;
const REQUEST = /^(?:GET|POST|PUT|DELETE) _/;

const unique = (commands: readonly Command[]): Command[] => [
  ...new Map(commands.map((command) => [command.text, command])).values(),
];

const pages = readdirSync(folder)
  .sort()
  .map((page) => ({ page, ...partsOf(readFileSync(join(folder, page), 'utf8')) }));

const all = unique([
  ...pages.flatMap(({ page, blocks }) => blocks.map((text) => ({ page, text }))),
  ...pages.flatMap(({ page, inline }) =>
    inline.filter((text) => PROGRAM.test(text) || REQUEST.test(text)).map((text) => ({ page, text })),
  ),
]);

const beginning = (form: RegExp): Command[] => all.filter(({ text }) => form.test(text));

export const requests = beginning(REQUEST);
export const kubectlCommands = beginning(/^kubectl /);
export const makeCommands = beginning(/^make /);
/** How each of these is tried says the test. */
export const others = all.filter(
  (command) => ![requests, kubectlCommands, makeCommands].some((known) => known.includes(command)),
);

/** What stands for a name of the reader's own. */
const NAMES: Readonly<Record<string, string>> = {
  $NAMESPACE: 'reviews',
  $NODE: 'node-c',
  $POD: 'elasticsearch-2',
};

/** The words of the first program of a line, as a shell gives them to it. */
export const wordsOf = ({ text }: Command): string[] =>
  (text.split(' | ')[0] ?? '').match(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g)?.map((word) =>
    word
      .replaceAll(/"([^"]*)"|'([^']*)'/g, (_, double?: string, single?: string) => double ?? single ?? '')
      .replaceAll(/\$[A-Z]+/g, (name) => NAMES[name] ?? name)
      .replace(/^POD$/, 'elasticsearch-0'),
  ) ?? [];
