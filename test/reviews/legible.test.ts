// Kibana follows the browser's dark mode. Each panel is drawn by the real Vega under both of its themes.
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { JsonObject } from '../../examples/dashboard/json.ts';
import { THEMES, type ThemeName } from '../../examples/dashboard/kibana-theme.ts';
import { root } from '../../scripts/lib/paths.ts';
import { run } from '../../scripts/lib/process.ts';
import { ANSWERS, answered, NOTHING, PANELS } from './support/answers.ts';
import { contrast, draw } from './support/drawn.ts';

/** Stars say by their number what their colour says. */
const isOrnament = (text: string): boolean => /^[★☆]+$/.test(text);

const cases = PANELS.flatMap(({ file }) =>
  (['light', 'dark'] as const).map((theme): [string, ThemeName] => [file, theme]),
);

describe.each(cases)('%s, on %s', (file, theme) => {
  test('every text can be read on what is behind it', async () => {
    const { texts, warnings } = await draw(await answered(file, ANSWERS[file] ?? {}), theme);
    expect(warnings).toEqual([]);
    expect(texts.length).toBeGreaterThan(5);
    const faint = texts
      .filter(({ text, fill, behind }) => contrast(fill, behind) < (isOrnament(text) ? 3 : 4))
      .map(({ text, fill, behind }) => `${text}: ${fill} on ${behind}`);
    expect(faint).toEqual([]);
  });

  test('colours of a rating stand out', async () => {
    const spec = JSON.stringify(PANELS.find((panel) => panel.file === file)?.spec);
    for (const [, range = ''] of spec.matchAll(/"range":(\[[^\]]*\])/g))
      for (const color of JSON.parse(range) as string[])
        expect([color, contrast(color, THEMES[theme].background) >= 3]).toEqual([color, true]);
  });

  test('before the first review it is empty, which is no error', async () => {
    const { texts, shapes, warnings } = await draw(await answered(file, NOTHING), theme);
    expect(warnings).toEqual([]);
    expect(shapes).toEqual([]);
    expect(texts.filter(({ text }) => /NaN|undefined|null/.test(text))).toEqual([]);
  });
});

test('a text without the theme’s colour would be seen: black on dark', async () => {
  const answer = await answered('newest-reviews', ANSWERS['newest-reviews'] ?? {});
  const plain = JSON.parse(
    JSON.stringify(answer).replaceAll('"filled":false,', '').replaceAll('"stroke":null,', ''),
  ) as JsonObject;
  const { texts } = await draw(plain, 'dark');
  expect(
    texts.filter(({ text, fill, behind }) => !isOrnament(text) && contrast(fill, behind) < 4).length,
  ).toBeGreaterThan(5);
});

describe('time', () => {
  test('buckets are of UTC, and said to be', () => {
    for (const { file, title, spec } of PANELS) {
      const body = JSON.stringify(spec);
      const histograms = body.match(/"date_histogram":\{/g)?.length ?? 0;
      expect(body.match(/"time_zone":"UTC"/g)?.length ?? 0).toBe(histograms);
      const showsTime = histograms > 0 || body.includes('utcFormat');
      expect([file, title.includes('UTC')]).toEqual([file, showsTime]);
    }
  });

  test('nothing is drawn in the viewer’s own zone: axes and tooltips are the same in Auckland and Lima', async () => {
    const draws = ['Pacific/Auckland', 'America/Lima', 'UTC'].map((TZ) =>
      run(process.execPath, [join(root, 'node_modules/.bin/tsx'), join(root, 'test/reviews/support/draw-all.ts')], {
        cwd: root,
        env: { ...process.env, TZ },
        seconds: 60,
      }),
    );
    const seen = (await Promise.all(draws)).map(({ code, stdout, stderr }) => {
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      const [offset = '', ...drawn] = stdout.split('\n');
      return { offset, drawn: drawn.join('\n') };
    });
    // The zones were really others.
    expect(new Set(seen.map(({ offset }) => offset)).size).toBe(3);
    expect(seen[0]?.drawn.length).toBeGreaterThan(1000);
    expect(new Set(seen.map(({ drawn }) => drawn)).size).toBe(1);
    const formats = PANELS.map(({ spec }) => JSON.stringify(spec)).join('');
    expect(formats).not.toMatch(/[^c]timeFormat\(/i);
    expect(formats.match(/"type":"temporal"/g)?.length).toBe(formats.match(/"scale":\{"type":"utc"\}/g)?.length);
  }, 120_000);
});
