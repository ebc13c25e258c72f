import type { Edit } from './edit.ts';
import { addItem, addPair } from './insert.ts';
import type { ListNode, MapNode, Node } from './nodes.ts';
import { removeItem, removePair } from './remove.ts';
import { setItem, setPair } from './replace.ts';
import { nothing, type Replacement } from './replacement.ts';
import type { Style } from './style.ts';

/** An edit, and how it is to be made in a text. */
export interface Located {
  readonly edit: Edit;
  readonly replacement: Replacement;
  /** The map or list that it is made in. */
  readonly around: MapNode | ListNode;
  /** Whether it adds or takes away, so that what stands beside it moves. */
  readonly moves: boolean;
}

/** Finds where the last step of an edit's path is to be made, and how. */
export function locate(text: string, root: Node, edit: Edit, style: Style): Located | undefined {
  const { path, value } = edit;
  const moving = (around: MapNode | ListNode, replacement: Replacement | undefined): Located | undefined =>
    replacement && { edit, around, replacement, moves: true };
  let node: Node = root;
  for (const [depth, step] of path.entries()) {
    const last = depth === path.length - 1;
    if (node.kind === 'map') {
      const at: number = node.pairs.findIndex(({ key }) => key.kind === 'scalar' && key.value === step);
      const pair = node.pairs[at];
      if (last) {
        if (value === undefined) return moving(node, pair === undefined ? nothing : removePair(text, node, at));
        return pair === undefined
          ? moving(node, addPair(text, node, String(step), value, style))
          : { edit, around: node, replacement: setPair(text, node, pair, value, style), moves: false };
      }
      if (pair === undefined) break;
      node = pair.value;
    } else if (node.kind === 'list' && typeof step === 'number') {
      const item: Node | undefined = node.items[step]?.node;
      if (last) {
        if (value === undefined) return moving(node, item === undefined ? nothing : removeItem(text, node, step));
        return item === undefined
          ? moving(node, addItem(text, node, value, style))
          : { edit, around: node, replacement: setItem(text, node, item, value, style), moves: false };
      }
      if (item === undefined) break;
      node = item;
    } else break;
  }
  return undefined;
}
