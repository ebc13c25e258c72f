import { applyChange, type Change, type Path } from './edit'
import { equal, type Json } from './json'
import { columnOf, lineEnd, lineStart, skip, type ListNode, type MapNode, type Node, type Pair } from './nodes'
import { blockItem, blockList, blockMap, blockValue, flowPair, flowValue, isText, literal, scalarText } from './render'
import { quotesLike, styleOf, type Style } from './style'
import { NotYaml, readYaml } from './yaml'

type Edit = Pick<Change, 'path' | 'value'> & { readonly item?: number }

/** A range of the text, and what is to stand there. */
interface Replacement { readonly start: number; readonly end: number; readonly text: string }

/** An edit that can't be made in this text without changing something else. */
export class CannotSplice extends Error {
  constructor(readonly edit: Edit) {
    super('can not be edited in place')
  }
}

/**
 * Makes the edits in the text of one YAML document, one after the other, and leaves every other byte as it came. What
 * comes out is read again: unless it says exactly what the edits say, nothing is given back. The edits' paths begin
 * at `prefix`.
 */
export function splice(text: string, edits: readonly Edit[], prefix: Path = []): string {
  return edits.reduce((before, edit) => {
    const { roots: [root], data: [data] } = readYaml(before)
    const change = { path: [...prefix, ...edit.path], value: edit.value }
    const found = root && replacement(before, root, change, styleOf(before, root))
    if (found === undefined) throw new CannotSplice(edit)
    const after = before.slice(0, found.start) + found.text + before.slice(found.end)
    if (!says(after, applyChange(data, change))) throw new CannotSplice(edit)
    return after
  }, text)
}

function says(text: string, wanted: unknown): boolean {
  try {
    return equal(readYaml(text).data, [wanted])
  } catch (error) {
    if (error instanceof NotYaml) return false
    throw error
  }
}

function replacement(text: string, root: Node, { path, value }: Edit, style: Style): Replacement | undefined {
  let node: Node = root
  for (const [depth, step] of path.entries()) {
    const last = depth === path.length - 1
    if (node.kind === 'map') {
      const at: number = node.pairs.findIndex(({ key }) => key.kind === 'scalar' && key.value === step)
      const pair = node.pairs[at]
      if (last) {
        if (value === undefined) return pair === undefined ? nothing : removePair(text, node, at)
        return pair === undefined ? addPair(text, node, String(step), value, style) : setPair(text, node, pair, value, style)
      }
      if (pair === undefined) break
      node = pair.value
    } else if (node.kind === 'list' && typeof step === 'number') {
      const item: Node | undefined = node.items[step]?.node
      if (last) {
        if (value === undefined) return item === undefined ? nothing : removeItem(text, node, step)
        return item === undefined ? addItem(text, node, value, style) : setItem(text, node, item, value, style)
      }
      if (item === undefined) break
      node = item
    } else break
  }
  return undefined
}

const nothing: Replacement = { start: 0, end: 0, text: '' }

// --- put a value where one stands ---

function setPair(text: string, map: MapNode, pair: Pair, value: Json, style: Style): Replacement {
  const { key, colon, value: old } = pair
  const scalar = replaceScalar(text, old, value, style, map.flow)
  if (scalar !== undefined) return scalar
  if (map.flow) return { start: colon, end: old.end, text: ` ${flowValue(value, style)}` }
  const column = columnOf(text, key.start)
  const rendered = blockValue(value, column, style)
  const isEmpty = old.end === colon
  const comment = /^[ \t]+#.*/.exec(text.slice(old.end, lineEnd(text, old.end)))?.[0]
  if (typeof value === 'string' && isText(value) && comment !== undefined) {
    const block = literal(value, column + style.map, style.eol, '|', comment)
    return { start: colon, end: lineEnd(text, old.end), text: ` ${block}` }
  }
  // Nothing stands there yet: a comment behind the key stays on the key's line.
  if (isEmpty && rendered.startsWith(style.eol)) return { start: lineEnd(text, colon), end: lineEnd(text, colon), text: rendered }
  if (old.kind !== 'scalar' && Array.isArray(value) === (old.kind === 'list') && typeof value === 'object') {
    return replaceCollection(text, old, value, style)
  }
  return { start: colon, end: old.end, text: rendered }
}

function setItem(text: string, list: ListNode, old: Node, value: Json, style: Style): Replacement {
  const scalar = replaceScalar(text, old, value, style, list.flow)
  if (scalar !== undefined) return scalar
  if (list.flow) return { start: old.start, end: old.end, text: flowValue(value, style) }
  const mark = list.items.find(({ node }) => node === old)?.mark ?? old.start
  return { start: mark + 1, end: old.end, text: blockItem(value, columnOf(text, mark), style) }
}

function replaceCollection(text: string, old: Node, value: Json, style: Style): Replacement {
  const column = columnOf(text, old.body)
  const flow = (old.kind === 'map' || old.kind === 'list') && old.flow
  const isEmpty = typeof value === 'object' && value !== null && Object.keys(value).length === 0
  const rendered = flow || isEmpty || typeof value !== 'object' || value === null
    ? flowValue(value, style)
    : Array.isArray(value) ? blockList(value, column, style) : blockMap(value, column, style)
  return { start: old.body, end: old.end, text: rendered }
}

/** A scalar in place of a scalar keeps its quotes, or its block's indentation and header comment. */
function replaceScalar(text: string, old: Node, value: Json, style: Style, inFlow: boolean): Replacement | undefined {
  if (old.kind !== 'scalar' || typeof value === 'object' || old.end === old.body) return undefined
  const isBlock = old.style === 'literal' || old.style === 'folded'
  if (typeof value === 'string' && isText(value) && !inFlow) {
    if (isBlock && old.indent > 0) {
      const comment = /[ \t]+#.*$/.exec(text.slice(old.body, lineEnd(text, old.body)))?.[0] ?? ''
      return { start: old.body, end: old.end, text: literal(value, old.indent, style.eol, '|', comment) }
    }
    if (old.style !== 'double' || !old.value.includes('\n')) return undefined
  }
  if (isBlock) return undefined
  const quotes = old.style === 'plain' ? undefined : old.style as 'single' | 'double'
  const rendered = scalarText(value, quotes ?? (style.json && inFlow ? 'double' : undefined), inFlow)
  return { start: old.body, end: old.end, text: rendered }
}

// --- add what is missing ---

function addPair(text: string, map: MapNode, key: string, value: Json, style: Style): Replacement | undefined {
  const last = map.pairs.at(-1)
  if (map.flow) return addToFlow(text, map, flowPair(key, value, style), map.pairs.map((pair) => [pair.key.start, pair.value.end]))
  const first = map.pairs[0]
  if (first === undefined || last === undefined) return undefined
  const column = columnOf(text, first.key.start)
  return addLine(text, last.value.end, first.key.start, column, blockMap({ [key]: value }, column, style), style)
}

function addItem(text: string, list: ListNode, value: Json, style: Style): Replacement | undefined {
  if (list.flow) return addToFlow(text, list, flowValue(value, style), list.items.map(({ node }) => [node.start, node.end]))
  const first = list.items[0]
  const last = list.items.at(-1)
  if (first === undefined || last === undefined) return undefined
  const column = columnOf(text, first.mark)
  return addLine(text, last.node.end, first.mark, column, `-${blockItem(value, column, style, quotesLike(list))}`, style)
}

function addLine(text: string, end: number, first: number, column: number, line: string, style: Style): Replacement {
  const at = lineEnd(text, end)
  const gap = style.eol + ' '.repeat(column)
  // A block scalar at the very end of the text may have no line break of its own; one would change its value.
  if (at === text.length && text.length > 0) return { start: first, end: first, text: line + gap }
  return { start: at, end: at, text: gap + line }
}

function addToFlow(text: string, node: MapNode | ListNode, entry: string, spans: readonly (readonly number[])[]): Replacement {
  const [, end] = spans.at(-1) ?? []
  if (end === undefined) return { start: node.body + 1, end: node.body + 1, text: entry }
  const before = spans.at(-2)?.[1]
  const [start = 0] = spans.at(-1) ?? []
  const gap = text.slice(before ?? node.body + 1, start)
  const space = /^(?:,?)(\s*)$/.exec(gap)?.[1] ?? ' '
  return { start: end, end, text: `,${before === undefined && space === '' ? ' ' : space}${entry}` }
}

// --- take away ---

function removePair(text: string, map: MapNode, at: number): Replacement {
  const pair = map.pairs[at]
  if (pair === undefined) return nothing
  const spans = map.pairs.map(({ key, value }) => [key.start, value.end] as const)
  return remove(text, map, spans, at)
}

const removeItem = (text: string, list: ListNode, at: number): Replacement =>
  remove(text, list, list.items.map(({ mark, node }) => [mark, node.end] as const), at)

function remove(text: string, node: MapNode | ListNode, spans: readonly (readonly [number, number])[], at: number): Replacement {
  const [start, end] = spans[at] ?? [0, 0]
  const following = spans[at + 1]
  if (spans.length === 1) return { start: node.body, end: node.end, text: node.kind === 'map' ? '{}' : '[]' }
  if (node.flow) {
    return following !== undefined
      ? { start, end: following[0], text: '' }
      : { start: spans[at - 1]?.[1] ?? start, end, text: '' }
  }
  const from = lineStart(text, start)
  if (text.slice(from, start).trim() !== '') {
    // The first key of a list's item shares its line with the dash: the next key moves up to it.
    const next = following?.[0] ?? end
    return { start, end: skip(text, end, '') === next && !/#/.test(text.slice(end, next)) ? next : end, text: '' }
  }
  const stop = text.indexOf('\n', end)
  // The last line of a text without a final line break: the break before it goes instead.
  return stop < 0 ? { start: lineEnd(text, from - 1), end: text.length, text: '' } : { start: from, end: stop + 1, text: '' }
}
