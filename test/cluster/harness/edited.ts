/** A text without what the pattern finds; an edit that finds nothing would take nothing away. */
export const edited = (text: string, pattern: RegExp, replacement: string): string => {
  if (!pattern.test(text)) throw new Error(`the base has no ${String(pattern)} any more`);
  return text.replace(pattern, replacement);
};
