// The alerts: their form, Prometheus' own view of them, and each of them fired and silent.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, jest, test } from '@jest/globals';
import { dump, load } from 'js-yaml';
import { root } from '../../scripts/lib/paths.ts';
import { buildSeconds } from '../render/harness.ts';
import { promtool } from './support/promtool.ts';
import { alerts, groups, recorded, rules, selectorsIn } from './support/rules.ts';

const plain = join(root, 'components/monitoring/prometheus');
const cases = join(__dirname, 'alerts');

// promtool works out every moment of each case.
jest.setTimeout(300_000);

beforeAll(async () => {
  expect((await promtool('--version')).code).toBe(0);
}, buildSeconds);

test('the file for a Prometheus without the operator has the same rules', () => {
  const expected =
    '# Written by `UPDATE_EXPECTED=1 npx jest test/monitoring/rules` from components/prometheus-operator/rules.\n' +
    dump({ groups }, { lineWidth: -1 });
  const file = join(plain, 'rules.yml');
  if (process.env['UPDATE_EXPECTED'] === '1') writeFileSync(file, expected);
  expect(readFileSync(file, 'utf8')).toBe(expected);
});

describe('Prometheus accepts', () => {
  test.each([
    ['check', 'rules', '--lint=all', '--lint-fatal', join(plain, 'rules.yml')],
    ['check', 'config', '--syntax-only', join(plain, 'scrape.yml')],
  ])('promtool %s %s', async (...args) => {
    const { code, stdout, stderr } = await promtool(...args);
    expect({ code, stdout, stderr }).toEqual(expect.objectContaining({ code: 0 }));
  });

  test('no rule that it does not understand', async () => {
    expect((await promtool('check', 'rules', join(plain, 'scrape.yml'))).code).not.toBe(0);
  });
});

describe('alert', () => {
  test.each(alerts.map((alert) => [alert.alert ?? '', alert] as const))('%s says what it must', (name, alert) => {
    expect(name).toMatch(/^(?:Elasticsearch|Kibana|Reviews)[A-Z]/);
    expect(Object.keys(alert.labels ?? {})).toEqual(['severity']);
    expect(['critical', 'warning']).toContain(alert.labels?.['severity']);
    expect(Object.keys(alert.annotations ?? {}).sort()).toEqual(['runbook', 'summary']);
    // One sentence.
    expect(alert.annotations?.['summary']).toMatch(/^[A-Z][^.]*(?:\{\{[^}]*\}\}[^.]*)*\.$/);
    const page = alert.annotations?.['runbook'] ?? '';
    expect(existsSync(join(root, page))).toBe(true);
    // Its page is about it.
    expect(readFileSync(join(root, page), 'utf8')).toContain(`\`${name}\``);
    const after = alert.for === undefined ? '' : `, after ${alert.for}`;
    const row = `| [${name}](../../${page}) | ${alert.labels?.['severity']}${after} | `;
    expect(readFileSync(join(root, 'components/monitoring/README.md'), 'utf8')).toContain(row);
  });

  test('names are told apart', () => {
    const names = alerts.map(({ alert }) => alert);
    expect(new Set(names).size).toBe(names.length);
    expect(names.length).toBeGreaterThan(15);
  });

  test('environments are: every result has the namespace, by which Alertmanager groups', () => {
    for (const { alert, expr } of alerts) {
      const kept = /\bby \(namespace\b|reviews:/.test(String(expr));
      expect({ alert, kept }).toEqual({ alert, kept: true });
    }
  });
});

test('every name that a rule takes from another rule is made by one', () => {
  const asked = rules.flatMap(({ expr }) => selectorsIn(String(expr))).map(({ metric }) => metric);
  expect(asked).not.toContain('');
  const ours = new Set(asked.filter((metric) => metric.includes(':')));
  expect([...ours].sort()).toEqual([...recorded].filter((name) => ours.has(name)).sort());
  expect([...recorded].sort()).toEqual([...ours].sort());
});

test('a rule takes figures only of its own group, worked out before it: groups have no order', () => {
  for (const { name, rules: inOrder = [] } of groups) {
    const known = new Set<string>();
    for (const { record, alert = record, expr } of inOrder) {
      const taken = selectorsIn(String(expr)).map(({ metric }) => metric);
      const early = taken.filter((metric) => metric.includes(':') && !known.has(metric));
      expect({ name, alert, early }).toEqual({ name, alert, early: [] });
      if (record !== undefined) known.add(record);
    }
  }
});

interface Case {
  readonly tests: readonly {
    readonly name: string;
    readonly promql_expr_test: readonly { readonly exp_samples: readonly { readonly labels: string }[] }[];
  }[];
}

describe('with figures over time', () => {
  const all = readdirSync(cases).sort();

  test.each(all)('%s', async (file) => {
    const { code, stdout, stderr } = await promtool('test', 'rules', join(cases, file));
    expect({ code, output: stdout + stderr }).toEqual({ code: 0, output: expect.any(String) });
  });

  const tests = all.flatMap((file) => (load(readFileSync(join(cases, file), 'utf8')) as Case).tests);

  /** In some case of that name: does it fire somewhere, and only then? */
  const firesIn = (name: string): boolean[] =>
    tests
      .filter((one) => one.name.startsWith(`${name} `))
      .map((one) =>
        one.promql_expr_test.some(({ exp_samples }) =>
          exp_samples.some(({ labels }) => labels.includes(`alertname="${name}"`)),
        ),
      );

  test.each(alerts.map(({ alert = '' }) => alert))(
    '%s has a case in which it fires, and one in which it does not',
    (name) => {
      expect(firesIn(name)).toContain(true);
      expect(firesIn(name)).toContain(false);
    },
  );
});
