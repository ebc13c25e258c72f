// A panel as the real Vega draws it under Kibana's theme, without a browser: its texts, with the colour that each has
// behind it.
import { createRequire } from 'node:module';
import { buildSync } from 'esbuild';
import type * as Vega from 'vega';
import type * as Interpreter from 'vega-interpreter';
import type * as VegaLite from 'vega-lite';
import type { JsonObject } from '../../../examples/dashboard/json.ts';
import { THEMES, type ThemeName, withTheme } from '../../../examples/dashboard/kibana-theme.ts';

interface Library {
  readonly vega: typeof Vega;
  readonly vegaLite: typeof VegaLite;
  readonly expressionInterpreter: typeof Interpreter.expressionInterpreter;
}

const EXPORTS = `
  export * as vega from 'vega';
  export * as vegaLite from 'vega-lite';
  export { expressionInterpreter } from 'vega-interpreter';
`;

/** They are ES modules, which neither jest nor Node 20 can require. */
const { vega, vegaLite, expressionInterpreter } = ((): Library => {
  const { outputFiles } = buildSync({
    stdin: { contents: EXPORTS, resolveDir: __dirname },
    bundle: true,
    write: false,
    format: 'cjs',
    logLevel: 'silent',
  });
  const loaded: { exports: unknown } = { exports: {} };
  // oxlint-disable-next-line typescript/no-implied-eval -- the bundle of installed packages that was made just above
  new Function('module', 'exports', 'require', outputFiles[0]?.text ?? '')(
    loaded,
    loaded.exports,
    createRequire(__filename),
  );
  return loaded.exports as Library;
})();

interface Item {
  readonly bounds: { readonly x1: number; readonly y1: number; readonly x2: number; readonly y2: number };
  readonly x?: number;
  readonly y?: number;
  readonly fill?: unknown;
  readonly opacity?: number;
  readonly fillOpacity?: number;
  readonly text?: unknown;
  readonly items?: readonly Mark[];
}

interface Mark {
  readonly marktype: string;
  readonly role?: string;
  readonly items: readonly Item[];
}

interface DrawnText {
  readonly text: string;
  readonly fill: string;
  readonly behind: string;
}

export interface Drawn {
  readonly texts: readonly DrawnText[];
  readonly shapes: readonly string[];
  readonly warnings: readonly string[];
}

/** `spec` with its answers in it. */
export async function draw(spec: JsonObject, theme: ThemeName): Promise<Drawn> {
  const warnings: string[] = [];
  const logger = {
    level: () => logger,
    error: (...m: unknown[]) => (warnings.push(m.join(' ')), logger),
    warn: (...m: unknown[]) => (warnings.push(m.join(' ')), logger),
    info: () => logger,
    debug: () => logger,
  };
  const sized = { autosize: { type: 'fit', contains: 'padding' }, width: 600, height: 400, ...withTheme(spec, theme) };
  const compiled = vegaLite.compile(sized as unknown as VegaLite.TopLevelSpec, { logger }).spec;
  const view = new vega.View(vega.parse(compiled, undefined, { ast: true }), {
    expr: expressionInterpreter,
    renderer: 'none',
    logger,
  } as never);
  await view.runAsync();
  const root = (view.scenegraph() as unknown as { root: Mark }).root;
  const found: Drawn & { texts: DrawnText[]; shapes: string[] } = {
    texts: [],
    shapes: [],
    warnings: warnings.filter((one) => !one.startsWith('Infinite extent')),
  };
  walk(root, [], THEMES[theme].background, found);
  view.finalize();
  return found;
}

/** In the order of drawing, so that what is behind a text was seen before it. */
function walk(mark: Mark, rects: Item[], background: string, found: { texts: DrawnText[]; shapes: string[] }): void {
  for (const item of mark.items) {
    if (mark.marktype === 'group') {
      // Positions inside of a group count from its corner.
      const own: Item[] = [];
      for (const child of item.items ?? []) walk(child, own, background, found);
      continue;
    }
    if (mark.marktype === 'rect' && typeof item.fill === 'string') rects.push(item);
    if (mark.marktype === 'text' && item.text !== undefined && item.text !== '') {
      const { x1, x2, y1, y2 } = item.bounds;
      const [x, y] = [(x1 + x2) / 2, (y1 + y2) / 2];
      const under = rects.findLast(
        ({ bounds }) => bounds.x1 <= x && x <= bounds.x2 && bounds.y1 <= y && y <= bounds.y2,
      );
      found.texts.push({
        text: String(item.text),
        fill: String(item.fill),
        behind: typeof under?.fill === 'string' ? under.fill : background,
      });
    } else if (
      ['rect', 'symbol', 'line'].includes(mark.marktype) &&
      mark.role === 'mark' &&
      typeof item.fill === 'string'
    )
      found.shapes.push(item.fill);
  }
}

/**
 * By the Web Content Accessibility Guidelines: from 1, the same, to 21, black on white.
 * https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio
 */
export function contrast(one: string, other: string): number {
  const [light = 0, dark = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

function luminance(color: string): number {
  const [r = 0, g = 0, b = 0] = channels(color).map((value) =>
    value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4,
  );
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function channels(color: string): number[] {
  const named: Record<string, string> = { white: '#ffffff', black: '#000000' };
  const hex = /^#([\da-f]{2})([\da-f]{2})([\da-f]{2})$/i.exec(
    named[color] ?? (/^#[\da-f]{3}$/i.test(color) ? color.replace(/[\da-f]/gi, '$&$&') : color),
  );
  const rgb = /^rgb\((\d+), ?(\d+), ?(\d+)\)$/.exec(color);
  if (hex !== null) return hex.slice(1).map((part) => Number.parseInt(part, 16) / 255);
  if (rgb !== null) return rgb.slice(1).map((part) => Number(part) / 255);
  throw new Error(`what colour is ${color}?`);
}
