import type { ListNode, MapNode, Node } from './nodes.ts';
import { columnOf } from './text.ts';

/** How the text around an edit is written. */
export interface Style {
  readonly eol: '\n' | '\r\n';
  /** Columns that a nested map, and the dashes of a nested list, stand right of their key. */
  readonly map: number;
  readonly list: number;
  /** Flow style: quoted keys as in JSON, and what stands behind a colon. */
  readonly json: boolean;
  readonly colon: ': ' | ':';
}

/** The style of a text, as its first nested collections show it. */
export function styleOf(text: string, root: Node): Style {
  const found: { map?: number; list?: number; json?: boolean; colon?: ': ' | ':' } = {};
  look(text, root, found);
  return {
    eol: text.charAt(text.indexOf('\n') - 1) === '\r' ? '\r\n' : '\n',
    map: found.map ?? 2,
    list: found.list ?? 0,
    json: found.json ?? false,
    colon: found.colon ?? ': ',
  };
}

function look(
  text: string,
  node: Node,
  found: { map?: number; list?: number; json?: boolean; colon?: ': ' | ':' },
): void {
  if (found.map !== undefined && found.list !== undefined) return;
  if (node.kind === 'map') {
    if (node.flow) flow(text, node, found);
    for (const { key, value } of node.pairs) {
      if ((value.kind === 'map' || value.kind === 'list') && !value.flow && !node.flow) {
        found[value.kind] ??= columnOf(text, value.body) - columnOf(text, key.start);
      }
      look(text, value, found);
    }
  } else if (node.kind === 'list') {
    for (const item of node.items) look(text, item.node, found);
  }
}

function flow(text: string, node: MapNode, found: { json?: boolean; colon?: ': ' | ':' }): void {
  const first = node.pairs[0];
  if (first === undefined) return;
  found.json ??= first.key.kind === 'scalar' && first.key.style === 'double';
  found.colon ??= found.json && /\S/.test(text.charAt(first.colon)) ? ':' : ': ';
}

/** The quotes that the last item of a list has around the value of a key. */
export function quotesLike(list: ListNode): (key: string) => 'single' | 'double' | undefined {
  const last = list.items.at(-1)?.node;
  const pairs = last?.kind === 'map' ? last.pairs : [];
  const styles = new Map(
    pairs.flatMap(({ key, value }) =>
      key.kind === 'scalar' && value.kind === 'scalar' && (value.style === 'single' || value.style === 'double')
        ? [[key.value, value.style] as const]
        : [],
    ),
  );
  return (key) => styles.get(key);
}
