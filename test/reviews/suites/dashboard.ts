import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { drawDashboard, openBrowser, readPanel } from '../../../examples/dashboard/browser.ts';
import { chromiumPath } from '../../../examples/dashboard/chromium.ts';
import { searchWith } from '../../../examples/dashboard/draw.ts';
import type { JsonObject } from '../../../examples/dashboard/json.ts';
import { withAnswers } from '../../../examples/dashboard/kibana-query.ts';
import { readDashboard } from '../../../examples/dashboard/panels.ts';
import { SAMPLE_FILE } from '../../../examples/src/cli.ts';
import { ingest } from '../../../examples/src/ingest.ts';
import type { Review } from '../../../examples/src/review.ts';
import { browser as aBrowser } from '../../support/needs/machine.ts';
import { suiteNeeding } from '../../support/needs/suite.ts';
import { contrast, draw } from '../support/drawn.ts';
import type { Server } from '../support/elasticsearch.ts';
import { removeAll } from '../support/reviews.ts';

const DASHBOARD = readDashboard();
const SAMPLE: Review[] = readFileSync(SAMPLE_FILE, 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line));
const RANGE = { from: new Date('2026-08-20T00:00:00Z'), to: new Date('2026-11-21T00:00:00Z') };

/** What the drawn dashboard shows, held against numbers counted from the sample file by other means. */
export function dashboardSuite(given: () => { server: Server }): void {
  suiteNeeding('the dashboard drawn from the sample', [aBrowser], () => {
    let browser: Browser;
    let page: Page;
    let empty: JsonObject[];
    let specs: JsonObject[];

    beforeAll(async () => {
      const { server } = given();
      await removeAll(server);
      const none = searchWith(server.client('analyst'));
      empty = await Promise.all(DASHBOARD.panels.map(({ spec }) => withAnswers(spec, RANGE, none)));
      await ingest(SAMPLE, { connect: () => server.client('ingest') });
      await server.client().indices.refresh({ index: 'reviews' });
      const search = searchWith(server.client('search'));
      specs = await Promise.all(DASHBOARD.panels.map(({ spec }) => withAnswers(spec, RANGE, search)));
      browser = await openBrowser(chromiumPath() ?? '');
      page = await drawDashboard(browser, DASHBOARD, specs, 'test');
    });
    afterAll(async () => {
      await browser.close();
      await removeAll(given().server);
    });

    const marks = async (file: string): Promise<Record<string, string>[]> =>
      (await readPanel(page, indexOf(file))).marks.map(fields);

    test('before the first review there is no index, and every panel is drawn empty, without a warning', async () => {
      for (const [i, { file }] of DASHBOARD.panels.entries()) {
        const { shapes, warnings } = await draw(empty[i] ?? {}, 'light');
        expect([file, shapes, warnings]).toEqual([file, [], []]);
      }
    });

    test.each(['light', 'dark'] as const)('with real reviews, every text can be read on %s', async (theme) => {
      const faint: string[] = [];
      for (const [i, { file }] of DASHBOARD.panels.entries()) {
        const { texts } = await draw(specs[i] ?? {}, theme);
        expect([file, texts.length > 5]).toEqual([file, true]);
        for (const { text, fill, behind } of texts)
          if (contrast(fill, behind) < (/^[★☆]+$/.test(text) ? 3 : 4))
            faint.push(`${file}: ${text}, ${fill} on ${behind}`);
      }
      expect(faint).toEqual([]);
    });

    test('words in bad reviews are of the newest: with room for five, five of each month and language', async () => {
      const panel = JSON.stringify(DASHBOARD.panels[indexOf('words-in-bad-reviews')]?.spec);
      const small = panel
        .replaceAll('"shard_size":1000', '"shard_size":5')
        .replaceAll('"min_doc_count":3', '"min_doc_count":1')
        .replaceAll('"size":5', '"size":100');
      const answers: JsonObject[] = [];
      const search = searchWith(given().server.client('search'));
      await withAnswers(JSON.parse(small) as JsonObject, RANGE, async (index, body) => {
        const answer = await search(index, body);
        answers.push(answer as JsonObject);
        return answer;
      });
      const { aggregations } = answers[0] as unknown as {
        aggregations: Record<string, { newest: { words: { buckets: { key: string }[] } } }>;
      };
      const found = aggregations['nl']?.newest.words.buckets.map(({ key }) => key) ?? [];
      const bad = SAMPLE.filter(({ language, rating }) => language === 'nl' && rating <= 2);
      // The sample is of each shard, so of each month.
      const newest = Object.values(groupByMonth(bad)).flatMap((month) =>
        month.toSorted((a, b) => b.created_at.localeCompare(a.created_at)).slice(0, 5),
      );
      const inNewest = new Set(newest.flatMap(({ text }) => words(text['nl'] ?? '')));
      expect(bad.length).toBeGreaterThan(newest.length);
      expect(found.length).toBeGreaterThan(0);
      expect(found.filter((word) => !inNewest.has(word))).toEqual([]);
    });

    test('reviews over time: each day has the reviews of each language', async () => {
      const drawn = (await marks('reviews-over-time')).filter(({ reviews }) => reviews !== undefined);
      const expected = tally(SAMPLE.map(({ created_at, language }) => `${day(created_at)} ${language}`));
      expect(
        Object.fromEntries(drawn.map(({ key, language, reviews }) => [`${key} ${language}`, Number(reviews)])),
      ).toEqual(expected);
    });

    test('ratings: each bar has its number', async () => {
      const drawn = (await marks('rating-distribution')).filter(({ rating }) => rating !== undefined);
      const expected = tally(SAMPLE.map(({ rating }) => String(rating)));
      expect(Object.fromEntries(drawn.map(({ rating, reviews }) => [rating, Number(reviews)]))).toEqual(expected);
      const { texts } = await readPanel(page, indexOf('rating-distribution'));
      for (const number of Object.values(expected)) expect(texts).toContain(String(number));
    });

    test('average rating over time: each week has its average', async () => {
      const drawn = (await marks('rating-trend')).filter(({ reviews }) => reviews !== undefined);
      const weeks = groupBy(({ created_at }) => monday(created_at));
      const expected = Object.fromEntries(
        Object.entries(weeks).map(([week, reviews]) => [
          week,
          `${(reviews.reduce((sum, { rating }) => sum + rating, 0) / reviews.length).toFixed(4)} of ${reviews.length}`,
        ]),
      );
      expect(
        Object.fromEntries(
          drawn.map((mark) => [mark['key'], `${Number(mark['average rating']).toFixed(4)} of ${mark['reviews']}`]),
        ),
      ).toEqual(expected);
    });

    test('words in bad reviews: each word is in as many as the bar says, and known complaints are there', async () => {
      const drawn = (await marks('words-in-bad-reviews')).filter(({ label }) => label !== undefined);
      const shown = Object.fromEntries(
        drawn.map((mark) => [mark['label'] ?? '', Number(mark['bad reviews with the word'])]),
      );
      for (const [label, count] of Object.entries(shown)) {
        const [word = '', language = ''] = label.split(/ +/);
        const bad = SAMPLE.filter((one) => one.language === language && one.rating <= 2);
        expect(`${label}: ${count}`).toBe(
          `${label}: ${bad.filter(({ text }) => words(text[language] ?? '').includes(word)).length}`,
        );
      }
      expect(Object.keys(shown)).toEqual(
        expect.arrayContaining(['laat  nl', 'kapot  nl', 'beschädigt  de', 'retard  fr', 'broken  en']),
      );
      expect(Object.keys(shown).length).toBe(20);
    });

    test('hubs and languages: each field has its number and its average', async () => {
      const drawn = await marks('hubs-and-languages');
      const groups = groupBy(({ hub, language }) => `${hub} ${language}`);
      const counts = drawn.filter(({ reviews }) => reviews !== undefined);
      expect(
        Object.fromEntries(counts.map(({ hub, language, reviews }) => [`${hub} ${language}`, Number(reviews)])),
      ).toEqual(Object.fromEntries(Object.entries(groups).map(([name, reviews]) => [name, reviews.length])));
      const averages = drawn.filter(({ average }) => average !== undefined);
      for (const { hub, language, average } of averages) {
        const reviews = groups[`${hub} ${language}`] ?? [];
        expect(Number(average)).toBeCloseTo(reviews.reduce((sum, { rating }) => sum + rating, 0) / reviews.length, 6);
      }
      expect(averages.length).toBe(Object.keys(groups).length);
    });

    test('newest reviews: the ten newest, in order, with stars and text', async () => {
      const { texts } = await readPanel(page, indexOf('newest-reviews'));
      const newest = SAMPLE.toSorted(
        (a, b) => b.created_at.localeCompare(a.created_at) || a.delivery_id.localeCompare(b.delivery_id),
      ).slice(0, 10);
      expect(texts.slice(0, 10)).toEqual(newest.map(({ created_at }) => created_at.slice(0, 16).replace('T', ' ')));
      expect(texts.slice(10, 20)).toEqual(newest.map(({ rating }) => '★'.repeat(rating).padEnd(5, '☆')));
      expect(texts.slice(40, 50)).toEqual(newest.map(({ text }) => Object.values(text)[0]));
    });

    test('a shorter range of time shows fewer reviews', async () => {
      const search = searchWith(given().server.client('search'));
      const range = { from: new Date('2026-10-01T00:00:00Z'), to: new Date('2026-10-08T00:00:00Z') };
      const ofAWeek = await Promise.all(DASHBOARD.panels.map(({ spec }) => withAnswers(spec, range, search)));
      const week = await drawDashboard(browser, DASHBOARD, ofAWeek, 'a week');
      const drawn = (await readPanel(week, indexOf('rating-distribution'))).marks
        .map(fields)
        .filter(({ rating }) => rating !== undefined);
      const bars = Object.fromEntries(drawn.map(({ rating, reviews }) => [rating, Number(reviews)]));
      await week.close();
      expect(bars).toEqual(
        tally(
          SAMPLE.filter(({ created_at }) => created_at >= '2026-10-01' && created_at <= '2026-10-08T00:00:00.000Z').map(
            ({ rating }) => String(rating),
          ),
        ),
      );
    });
  });
}

function indexOf(file: string): number {
  return DASHBOARD.panels.findIndex((panel) => panel.file === file);
}

/** "language: nl; hub: AMS-1; average: 3.8" as an object. */
function fields(label: string): Record<string, string> {
  return Object.fromEntries(
    label
      .split('; ')
      .map((part): [string, string] => [part.split(': ')[0] ?? '', part.split(': ').slice(1).join(': ')]),
  );
}

function groupBy(name: (one: Review) => string): Record<string, Review[]> {
  const groups: Record<string, Review[]> = {};
  for (const one of SAMPLE) (groups[name(one)] ??= []).push(one);
  return groups;
}

function groupByMonth(reviews: readonly Review[]): Record<string, Review[]> {
  const months: Record<string, Review[]> = {};
  for (const one of reviews) (months[one.created_at.slice(0, 7)] ??= []).push(one);
  return months;
}

function tally(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

/** As the picture has it: "Aug 23, 2026". */
function day(time: string): string {
  return new Date(time).toLocaleDateString('en-US', {
    timeZone: 'UTC',
    month: 'short',
    day: '2-digit',
    year: 'numeric',
  });
}

function monday(time: string): string {
  const date = new Date(time);
  return day(
    new Date(Date.parse(date.toISOString().slice(0, 10)) - ((date.getUTCDay() + 6) % 7) * 86_400_000).toISOString(),
  );
}

function words(text: string): string[] {
  return text.toLowerCase().split(/[^\p{L}\p{N}’']+/u);
}
