import { parseEvents, YAMLException } from 'js-yaml';
import { canonicalNode } from './canonical.ts';
import { nodesOf } from './compose.ts';
import type { Node } from './nodes.ts';

/** A text that is not YAML: what is wrong, and where. */
export class NotYaml extends Error {}

/** A text that was read: its documents as nodes, which know their places, and as data. */
export interface Read {
  readonly text: string;
  readonly roots: readonly Node[];
  readonly data: readonly unknown[];
  readonly hasAnchors: boolean;
}

export function readYaml(text: string): Read {
  const root = inCanonicalForm(text);
  if (root !== undefined) return { text, roots: [root], data: [root.data], hasAnchors: false };
  try {
    const { roots, hasAnchors } = nodesOf(text, parseEvents(text, {}));
    return { text, roots, data: roots.map(({ data }) => data), hasAnchors };
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    const at = error.mark === undefined ? '' : ` at line ${error.mark.line + 1}, column ${error.mark.column + 1}`;
    throw new NotYaml(`${error.reason}${at}`, { cause: error });
  }
}

/** A text with an error in it is left to the parser, which names the first one. */
function inCanonicalForm(text: string): Node | undefined {
  try {
    return canonicalNode(text);
  } catch (error) {
    if (error instanceof YAMLException) return undefined;
    throw error;
  }
}
