// Texts in the form in which kustomize writes YAML, or nearly in it, and whether the two readers agree about them.
import { isDeepStrictEqual } from 'node:util';
import { parseEvents, YAMLException } from 'js-yaml';
import { canonicalNode } from '../../../functions/elasticsearch-topology/src/yaml/canonical.ts';
import { nodesOf } from '../../../functions/elasticsearch-topology/src/yaml/compose.ts';
import { type Choose, pick, sometimes } from './tape.ts';

export interface Readings {
  /** Whether the text is in the form; a text with an error never counts as such. */
  readonly canonical: boolean;
  readonly agree: boolean;
}

/** What is in the form must be to the parser one document, without anchors, and the same node to its last place. */
export function readings(text: string): Readings {
  const canonical = quietly(() => canonicalNode(text));
  if (canonical === undefined) return { canonical: false, agree: true };
  const parsed = quietly(() => nodesOf(text, parseEvents(text, {})));
  const agree = parsed?.roots.length === 1 && !parsed.hasAnchors && isDeepStrictEqual(parsed.roots[0], canonical);
  return { canonical: true, agree };
}

function quietly<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof YAMLException) return undefined;
    throw error;
  }
}

const KEYS = ['name', 'kind', 'app.kubernetes.io/name', 'a', '0644', 'true', '__proto__', '.b', 'x-y_z/1'] as const;
const SCALARS = [
  'x',
  'docker.io/es:9.5',
  "metadata.labels['a']",
  '0644',
  '3e9',
  'null',
  '1:30',
  '"false"',
  '"a: b # c"',
  "'0'",
  "''",
  '{}',
  '[]',
  '$(X)',
  '--flag=a:b',
  'a  b#c',
  '.',
  '...',
  '-1',
] as const;
const SIGNS = [
  ...['\n', ' ', '  ', '- ', '-', ': ', ':', '"', "'", '{', '{}', ']', '|', '|-\n', '>', '#', ' # c', '&a ', '*a'],
  ...['\t', '---\n', '...\n', '\r', '\uFEFF', '!!x ', '? ', '<<: ', 'é', '\\', 'a: b\n', '- - ', '\n\n', '   \n'],
] as const;

/** A text in the form; in every second one, something is put in, taken out or doubled. */
export function nearlyCanonical(choose: Choose): string {
  const margin = pick(choose, ['', '', '', '  ']);
  let text = margin + (sometimes(choose, 3) ? list : map)(choose, margin.length, 0);
  if (sometimes(choose, 4)) text = text.slice(0, -1);
  if (choose(2) === 0) return text;
  for (let times = 1 + choose(3); times > 0; times--) {
    const at = choose(text.length + 1);
    const end = Math.min(text.length, at + choose(12));
    const middle = [pick(choose, SIGNS), pick(choose, SIGNS), '', text.slice(at, end).repeat(2)][choose(4)] ?? '';
    text = text.slice(0, at) + middle + text.slice(choose(2) === 0 ? at : end);
  }
  return text;
}

const map = (choose: Choose, column: number, depth: number): string =>
  Array.from({ length: 1 + choose(3) }, (_, i) => {
    const key = sometimes(choose, 8) ? pick(choose, KEYS) : `k${i}`;
    return `${i === 0 ? '' : ' '.repeat(column)}${key}:${behindKey(choose, column, depth)}`;
  }).join('');

function behindKey(choose: Choose, column: number, depth: number): string {
  const kind = depth > 4 ? choose(3) : choose(6);
  const below = (at: number, write: typeof map): string => `\n${' '.repeat(at)}${write(choose, at, depth + 1)}`;
  if (kind === 0) return '\n';
  if (kind === 1) return ` ${block(choose, column + pick(choose, [2, 2, 1, 4, 0]))}`;
  if (kind === 2) return ` ${pick(choose, SCALARS)}\n`;
  return kind === 3
    ? below(column + pick(choose, [2, 2, 2, 1, 4]), map)
    : below(column + pick(choose, [0, 0, 2]), list);
}

const list = (choose: Choose, column: number, depth: number): string =>
  Array.from({ length: 1 + choose(3) }, (_, i) => {
    const kind = depth > 4 ? choose(2) : choose(5);
    const start = `${i === 0 ? '' : ' '.repeat(column)}- `;
    if (kind === 0) return `${start}${pick(choose, SCALARS)}\n`;
    if (kind === 1) return start + block(choose, column + pick(choose, [2, 1, 0]));
    return start + (kind === 2 ? list : map)(choose, column + 2, depth + 1);
  }).join('');

const block = (choose: Choose, column: number): string =>
  [
    pick(choose, ['|', '|-', '|+', '>']),
    ...Array.from({ length: 1 + choose(3) }, () => {
      const line = pick(choose, ['text', '  deeper: x', '- "a" # b', 'x', 'x ', '', '\ttab']);
      return line === '' ? '' : ' '.repeat(column) + line;
    }),
    '',
  ].join('\n');
