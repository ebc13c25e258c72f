import { cutList } from './by-item.ts';
import { NeedsWholeText, type ResourceList } from './list.ts';
import { wholeList } from './whole.ts';

/**
 * Works on the list, cut into items without parsing them where its text allows that, else (JSON, flow style, anchors,
 * documents of another form) parsed as a whole.
 */
export function withResourceList<T>(input: Buffer, work: (list: ResourceList) => T): T {
  const cut = cutList(input);
  if (cut === undefined) return work(wholeList(input));
  try {
    return work(cut);
  } catch (error) {
    if (error instanceof NeedsWholeText) return work(wholeList(input));
    throw error;
  }
}
