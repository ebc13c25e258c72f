import type { Edit, Path } from '../yaml/edit.ts';
import type { Json } from '../yaml/json.ts';
import type { ListNode, Node } from '../yaml/nodes.ts';
import { NotYaml, type Read, readYaml } from '../yaml/read.ts';
import { splice } from '../yaml/splice.ts';
import { columnOf } from '../yaml/text.ts';
import {
  BadInput,
  byItem,
  checkEnvelope,
  decode,
  type ItemEdit,
  NeedsWholeText,
  newResults,
  type ResourceList,
  readAlone,
} from './list.ts';

/** The list parsed as a whole: for JSON, flow style, anchors, and whatever else can't be cut. */
export function wholeList(input: Buffer): ResourceList {
  const text = decode(input);
  const whole = parse(text);
  const root = checkEnvelope(whole.data);
  const objects: unknown = root.items ?? [];
  if (!Array.isArray(objects)) throw new BadInput('`items` of the input must be a list');
  const list = itemsOf(whole.roots[0]);

  return {
    functionConfig: root.functionConfig,
    object: (item) => objects[item],
    find: () => objects.map((object, item) => ({ item, object })),
    write(edits, results) {
      const edited = editItems(whole, list, edits);
      const added = newResults(root.results, results);
      return [Buffer.from(added.length === 0 ? edited : splice(readYaml(edited), resultEdits(root.results, added)))];
    },
  };
}

function resultEdits(held: unknown, added: Json[]): Edit[] {
  const present = Array.isArray(held) ? held.length : 0;
  if (present === 0) return [{ path: ['results'], value: added }];
  return added.map((value, i) => ({ path: ['results', present + i], value }));
}

function parse(text: string): Read {
  try {
    return readYaml(text);
  } catch (error) {
    if (!(error instanceof NotYaml)) throw error;
    throw new BadInput(`the input must be YAML or JSON: ${error.message}`);
  }
}

function itemsOf(root: Node | undefined): ListNode | undefined {
  const pair =
    root?.kind === 'map' ? root.pairs.find(({ key }) => key.kind === 'scalar' && key.value === 'items') : undefined;
  return pair?.value.kind === 'list' ? pair.value : undefined;
}

/** Each item by itself where it can be understood by itself; else all of them in the text of the whole list. */
function editItems(whole: Read, list: ListNode | undefined, edits: readonly ItemEdit[]): string {
  try {
    // From the last to the first, so that the places of those before stay true.
    return byItem(edits)
      .reverse()
      .reduce((before, [item, changes]) => {
        const { start, end, margin, prefix } = placeOf(whole.text, list, item);
        const alone = readAlone(margin + whole.text.slice(start, end));
        return before.slice(0, start) + splice(alone, changes, prefix).slice(margin.length) + before.slice(end);
      }, whole.text);
  } catch (error) {
    if (!(error instanceof NeedsWholeText)) throw error;
    return byItem(edits).reduce((read, [item, changes]) => readYaml(splice(read, changes, ['items', item])), whole)
      .text;
  }
}

interface Place {
  readonly start: number;
  readonly end: number;
  readonly margin: string;
  readonly prefix: Path;
}

function placeOf(text: string, list: ListNode | undefined, item: number): Place {
  const at = list?.items[item];
  if (list === undefined || at === undefined) throw new NeedsWholeText();
  if (list.flow) return { start: at.node.start, end: at.node.end, margin: '', prefix: [] };
  const lineBreak = text.indexOf('\n', at.node.end);
  return {
    start: at.mark,
    end: lineBreak < 0 ? text.length : lineBreak + 1,
    margin: ' '.repeat(columnOf(text, at.mark)),
    prefix: [0],
  };
}
