export const lineStart = (text: string, at: number): number => text.lastIndexOf('\n', at - 1) + 1;

/** The end of the line's content: before its line break. */
export function lineEnd(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  if (end < 0) return text.length;
  return end > at && text[end - 1] === '\r' ? end - 1 : end;
}

/** A byte order mark at the start of the text takes no column. */
export function columnOf(text: string, at: number): number {
  const start = lineStart(text, at);
  return at - start - (start === 0 && at > 0 && text.charCodeAt(0) === BYTE_ORDER_MARK ? 1 : 0);
}

const [TAB, LINE_FEED, RETURN, SPACE, HASH, BYTE_ORDER_MARK] = [9, 10, 13, 32, 35, 0xfeff];

const isBlank = (code: number): boolean =>
  code === SPACE || code === LINE_FEED || code === RETURN || code === TAB || code === BYTE_ORDER_MARK;

/** The next place that is neither white space nor comment nor one of the given signs. */
export function skip(text: string, from: number, signs: string): number {
  let at = from;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (isBlank(code) || (signs !== '' && signs.includes(text.charAt(at)))) at++;
    else if (code === HASH && (at === 0 || isBlank(text.charCodeAt(at - 1)))) at = lineEnd(text, at);
    else break;
  }
  return at;
}
