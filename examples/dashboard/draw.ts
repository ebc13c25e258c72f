import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Client } from '@elastic/elasticsearch';
import { connect, connectionFromEnvironment } from '../src/connection.ts';
import { drawDashboard, openBrowser } from './browser.ts';
import { chromiumPath } from './chromium.ts';
import type { Json, JsonObject } from './json.ts';
import { type TimeRange, withAnswers } from './kibana-query.ts';
import { readDashboard } from './panels.ts';

/**
 * Draws the dashboard from the reviews in a cluster, for somebody who has no Kibana: one picture, and a page that opens
 * anywhere.
 */
async function main(argv: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...argv],
    options: { out: { type: 'string', default: 'dist/dashboard' }, from: { type: 'string' }, to: { type: 'string' } },
  });
  const executable = chromiumPath();
  if (executable === undefined)
    throw new Error(
      'no browser: install chromium (Debian: apt-get install chromium fonts-dejavu-core) or set CHROMIUM to its path',
    );
  const client = connect(connectionFromEnvironment(process.env, 'search'));
  try {
    const range = await timeRange(client, values.from, values.to);
    const dashboard = readDashboard();
    const specs = await Promise.all(dashboard.panels.map(({ spec }) => withAnswers(spec, range, searchWith(client))));
    const browser = await openBrowser(executable);
    try {
      const page = await drawDashboard(browser, dashboard, specs, subtitle(range));
      mkdirSync(values.out, { recursive: true });
      const picture = join(values.out, 'dashboard.png');
      await page.screenshot({ path: picture });
      // Without the scripts that drew it.
      await page.evaluate(`document.querySelectorAll('script').forEach((script) => script.remove())`);
      writeFileSync(join(values.out, 'dashboard.html'), await page.content());
      process.stdout.write(`${picture}\n${join(values.out, 'dashboard.html')}\n`);
    } finally {
      await browser.close();
    }
  } finally {
    await client.close();
  }
}

export function searchWith(client: Client): (index: string, body: JsonObject) => Promise<Json> {
  return (index, body) =>
    client.transport.request<Json>({
      method: 'POST',
      path: `/${index}/_search`,
      // As Kibana asks: before the first review there is no index, and the answer has no aggregations.
      // https://github.com/elastic/kibana/tree/main/src/platform/plugins/shared/data/server/search/strategies/es_search
      // (request_utils.ts)
      querystring: { allow_partial_search_results: false, ignore_unavailable: true },
      body,
    });
}

/** What is asked for, else from the first to the last review. */
async function timeRange(client: Client, from: string | undefined, to: string | undefined): Promise<TimeRange> {
  const answer = await client.search<unknown, { first: { value: number | null }; last: { value: number | null } }>({
    index: 'reviews',
    size: 0,
    aggs: { first: { min: { field: 'created_at' } }, last: { max: { field: 'created_at' } } },
  });
  const first = answer.aggregations?.first?.value ?? undefined;
  const last = answer.aggregations?.last?.value ?? undefined;
  if (first === undefined || last === undefined) throw new Error('there are no reviews to draw: load some first');
  return {
    from: from === undefined ? new Date(first) : date(from),
    to: to === undefined ? new Date(last) : date(to),
  };
}

function date(text: string): Date {
  const parsed = new Date(text);
  if (Number.isNaN(parsed.getTime())) throw new Error(`"${text}" is no date such as 2026-11-20`);
  return parsed;
}

function subtitle({ from, to }: TimeRange): string {
  return `Reviews written from ${from.toISOString().slice(0, 10)} to ${to.toISOString().slice(0, 10)}`;
}

if (require.main === module) {
  main(process.argv.slice(2)).catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  });
}
