import { buildSync } from 'esbuild';
import { type Browser, chromium, type Page } from 'playwright-core';
import type { JsonObject } from './json.ts';
import { withTheme } from './kibana-theme.ts';
import type { Dashboard, Grid } from './panels.ts';

const WIDTH = 1440;
const ROW = 20;
const GAP = 8;
const TITLE = 34;

export function openBrowser(executablePath: string): Promise<Browser> {
  return chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-gpu', '--force-color-profile=srgb'],
    timeout: 60_000,
  });
}

/**
 * Draws the panels, whose data are answers by now, with the real Vega in a page laid out as Kibana does. Every panel
 * is drawn as SVG.
 */
export async function drawDashboard(
  browser: Browser,
  dashboard: Dashboard,
  specs: readonly JsonObject[],
  subtitle: string,
): Promise<Page> {
  const page = await browser.newPage({
    viewport: { width: WIDTH, height: height(dashboard) },
    deviceScaleFactor: 1,
    timezoneId: 'UTC',
    locale: 'en-GB',
  });
  await page.setContent(html(dashboard, subtitle));
  await page.addScriptTag({ content: drawingLibrary() });
  for (const [i, panel] of dashboard.panels.entries()) {
    const size = { autosize: { type: 'fit', contains: 'padding' }, ...drawingSize(panel.grid) };
    const themed = withTheme(specs[i] ?? {}, 'light');
    // The page's own script: a text, since it runs there and not here.
    const problem = await page.evaluate(`(async () => {
      const warnings = [];
      const logger = {
        level() { return this },
        error: (...m) => (warnings.push(m.join(' ')), logger),
        warn: (...m) => (warnings.push(m.join(' ')), logger),
        info: () => logger,
        debug: () => logger,
      };
      const lite = Object.assign(${JSON.stringify(size)}, ${JSON.stringify(themed)});
      const { vega, vegaLite, expressionInterpreter } = drawing;
      const spec = vega.parse(vegaLite.compile(lite, { logger }).spec, undefined, { ast: true });
      const view = new vega.View(spec, {
        expr: expressionInterpreter,
        renderer: 'svg',
        container: '#panel-${i}',
        logger,
      });
      await view.runAsync();
      // Where there is no review there is no extent, which is no fault of the panel; Kibana is told the same by
      // hideWarnings.
      return warnings.filter((warning) => !warning.startsWith('Infinite extent')).join('; ');
    })()`);
    if (problem !== '') throw new Error(`panel ${panel.file}: ${String(problem)}`);
  }
  return page;
}

/** What a reader sees or hears of one panel: its texts, and the description that Vega gives every mark. */
export async function readPanel(page: Page, index: number): Promise<{ texts: string[]; marks: string[] }> {
  const panel = page.locator(`#panel-${index}`);
  return {
    texts: await panel.locator('text').allTextContents(),
    marks: await panel
      .locator('[role="graphics-symbol"][aria-label]')
      .evaluateAll((marks) => marks.map((mark) => mark.getAttribute('aria-label') ?? '')),
  };
}

function drawingSize(grid: Grid): { width: number; height: number } {
  return { width: Math.floor((grid.w * WIDTH) / 48) - GAP - 24, height: grid.h * ROW - GAP - TITLE - 12 };
}

function height(dashboard: Dashboard): number {
  return 64 + Math.max(...dashboard.panels.map(({ grid }) => grid.y + grid.h)) * ROW;
}

function html(dashboard: Dashboard, subtitle: string): string {
  const panels = dashboard.panels.map(({ title, grid }, i) => {
    const place = `left:${(grid.x * WIDTH) / 48 + GAP / 2}px;top:${64 + grid.y * ROW}px`;
    const box = `${place};width:${(grid.w * WIDTH) / 48 - GAP}px;height:${grid.h * ROW - GAP}px`;
    return `<section style="${box}"><h2>${escape(title)}</h2><div id="panel-${i}"></div></section>`;
  });
  const title = escape(dashboard.title);
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>${title}</title><style>
${styles(dashboard)}</style><h1>${title}</h1><p>${escape(subtitle)}</p>${panels.join('')}</html>`;
}

const styles = (dashboard: Dashboard): string =>
  [
    'body{margin:0;background:#f6f8fb;font:14px "DejaVu Sans",sans-serif;color:#1a1c21;',
    `position:relative;width:${WIDTH}px;height:${height(dashboard)}px}\n`,
    'h1{margin:0;padding:12px 12px 0;font-size:20px}p{margin:2px 12px;color:#5a606b}\n',
    'section{position:absolute;background:#fff;border:1px solid #dfe3ea;border-radius:6px;',
    'box-sizing:border-box;overflow:hidden;padding:0 10px}\n',
    'h2{font-size:13px;margin:0;padding:9px 0 7px}',
  ].join('');

function escape(text: string): string {
  return text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);
}

const LIBRARY = `
  export * as vega from 'vega';
  export * as vegaLite from 'vega-lite';
  export { expressionInterpreter } from 'vega-interpreter';
`;

/**
 * Vega as Kibana uses it: with the interpreter, since a page that must not make code from texts can have no other; it
 * differs in a few functions.
 */
function drawingLibrary(): string {
  const { outputFiles } = buildSync({
    stdin: { contents: LIBRARY, resolveDir: __dirname },
    bundle: true,
    minify: true,
    write: false,
    format: 'iife',
    globalName: 'drawing',
  });
  return outputFiles[0]?.text ?? '';
}
