// The dashboard as Grafana reads it: its file is what the code says, Prometheus understands what it asks, and whoever
// is on call understands what it shows. That each query gives something is in scrape.test.ts.
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { dump } from 'js-yaml';
import { dashboardText } from '../../components/grafana-dashboard/dashboard.ts';
import { copyOfCheckout, renderFolder } from '../render/harness.ts';
import { dashboardFile, panels, queries } from './support/dashboard.ts';
import { promtool } from './support/promtool.ts';
import { recorded, selectorsIn } from './support/rules.ts';

// The first use of promtool builds it.
jest.setTimeout(1_500_000);

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'dashboard-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

test('its file is what the code says: `make grafana-dashboard` writes it', () => {
  expect(readFileSync(dashboardFile, 'utf8')).toBe(dashboardText());
});

test('each panel has a name of its own, a word on what it means, and a query', () => {
  expect(panels.length).toBeGreaterThan(10);
  expect(new Set(panels.map(({ title }) => title)).size).toBe(panels.length);
  for (const { title, description, queries: asked } of panels) {
    expect({ title, ends: description.at(-1), asked: asked.filter(Boolean).length }).toEqual({
      title,
      ends: '.',
      asked: asked.length,
    });
    // Of sums and counts no percentile follows.
    if (/\btime of\b/i.test(title)) expect(title).toContain('(no percentile)');
  }
});

const understood = (expressions: readonly string[]): ReturnType<typeof promtool> => {
  const file = join(folder, 'queries.yml');
  const rules = expressions.map((expr, place) => ({ record: `panel:query:${place}`, expr }));
  writeFileSync(file, dump({ groups: [{ name: 'panels', rules }] }));
  return promtool('check', 'rules', file);
};

test('Prometheus understands each query, and would refuse one that it does not', async () => {
  const { code, stdout, stderr } = await understood(queries);
  expect({ code, stdout, stderr }).toEqual(expect.objectContaining({ code: 0 }));
  expect((await understood([...queries, 'sum by name (up)'])).code).not.toBe(0);
});

test('each query is about one environment, and takes from rules only what one of them makes', () => {
  for (const selector of queries.flatMap(selectorsIn)) {
    const environment = selector.labels.filter(({ label }) => label === 'namespace');
    expect({ metric: selector.metric, environment }).toMatchObject({ environment: [{ wanted: 'reviews' }] });
    if (selector.metric.includes(':')) expect([...recorded]).toContain(selector.metric);
  }
});

test("in an overlay it is a ConfigMap that Grafana's sidecar finds, and that Flux leaves alone", async () => {
  const { copy, remove } = copyOfCheckout();
  try {
    const overlay = join(copy, 'overlays/prod/kustomization.yaml');
    appendFileSync(overlay, '\ncomponents: [../../components/grafana-dashboard]\n');
    const { objects } = await renderFolder('overlays/prod', copy);
    const added = objects.filter(({ metadata }) => metadata.labels?.['grafana_dashboard'] === '1');
    expect(added).toMatchObject([
      {
        kind: 'ConfigMap',
        metadata: {
          name: 'elasticsearch-grafana-dashboard',
          namespace: 'reviews',
          annotations: { 'kustomize.toolkit.fluxcd.io/substitute': 'disabled' },
        },
        data: { 'delivery-reviews-elasticsearch.json': readFileSync(dashboardFile, 'utf8') },
      },
    ]);
  } finally {
    remove();
  }
});
