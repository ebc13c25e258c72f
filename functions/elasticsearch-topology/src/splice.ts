import { applyChange, type Change, type Path } from './edit.ts';
import { equal } from './json.ts';
import type { Node } from './nodes.ts';
import { addItem, addPair } from './insert.ts';
import { removeItem, removePair } from './remove.ts';
import { setItem, setPair } from './replace.ts';
import { nothing, type Replacement } from './replacement.ts';
import { styleOf, type Style } from './style.ts';
import { NotYaml, readYaml } from './yaml.ts';

type Edit = Pick<Change, 'path' | 'value'> & { readonly item?: number };

/** An edit that can't be made in this text without changing something else. */
export class CannotSplice extends Error {
  constructor(readonly edit: Edit) {
    super('can not be edited in place');
  }
}

/**
 * Makes the edits in the text of one YAML document, one after the other, and leaves every other byte as it came. What
 * comes out is read again: unless it says exactly what the edits say, nothing is given back. The edits' paths begin
 * at `prefix`.
 */
export function splice(text: string, edits: readonly Edit[], prefix: Path = []): string {
  return edits.reduce((before, edit) => {
    const {
      roots: [root],
      data: [data],
    } = readYaml(before);
    const change = { path: [...prefix, ...edit.path], value: edit.value };
    const found = root && replacement(before, root, change, styleOf(before, root));
    if (found === undefined) throw new CannotSplice(edit);
    const after = before.slice(0, found.start) + found.text + before.slice(found.end);
    if (!says(after, applyChange(data, change))) throw new CannotSplice(edit);
    return after;
  }, text);
}

function says(text: string, wanted: unknown): boolean {
  try {
    return equal(readYaml(text).data, [wanted]);
  } catch (error) {
    if (error instanceof NotYaml) return false;
    throw error;
  }
}

function replacement(text: string, root: Node, { path, value }: Edit, style: Style): Replacement | undefined {
  let node: Node = root;
  for (const [depth, step] of path.entries()) {
    const last = depth === path.length - 1;
    if (node.kind === 'map') {
      const at: number = node.pairs.findIndex(({ key }) => key.kind === 'scalar' && key.value === step);
      const pair = node.pairs[at];
      if (last) {
        if (value === undefined) return pair === undefined ? nothing : removePair(text, node, at);
        return pair === undefined
          ? addPair(text, node, String(step), value, style)
          : setPair(text, node, pair, value, style);
      }
      if (pair === undefined) break;
      node = pair.value;
    } else if (node.kind === 'list' && typeof step === 'number') {
      const item: Node | undefined = node.items[step]?.node;
      if (last) {
        if (value === undefined) return item === undefined ? nothing : removeItem(text, node, step);
        return item === undefined ? addItem(text, node, value, style) : setItem(text, node, item, value, style);
      }
      if (item === undefined) break;
      node = item;
    } else break;
  }
  return undefined;
}
