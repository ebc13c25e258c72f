// The rules with shorter times: all of them shorter alike, and nothing else changed.
import { describe, expect, test } from '@jest/globals';
import { load } from 'js-yaml';
import { configurationOf, kubeconfigOf, rulesOf } from '../watch/configuration.ts';
import { scaledDuration, scaledExpression, scaledGroups, secondsOf } from '../watch/time-scale.ts';

describe('a duration', () => {
  test.each([
    ['10m', 6, '100s'],
    ['1h30m', 6, '900s'],
    ['1d', 6, '14400s'],
    ['5s', 4, '1250ms'],
    ['0s', 6, '0s'],
  ])('%s by %s is %s', (duration, factor, scaled) => {
    expect(scaledDuration(duration, factor)).toBe(scaled);
  });

  test('of which nothing is left, or that is none, is refused', () => {
    expect(() => scaledDuration('1ms', 60)).toThrow('nothing is left of 1ms');
    expect(() => scaledDuration('soon', 6)).toThrow('"soon" is no duration');
    expect(secondsOf('1m30s')).toBe(90);
  });
});

describe('an expression', () => {
  test.each([
    ['rate(x[5m])', 'rate(x[50s])'],
    ['min_over_time((a / b)[30m:1m]) > 0.75', 'min_over_time((a / b)[300s:10s]) > 0.75'],
    ['x offset 1h', 'x offset 600s'],
    ['last_over_time(x{for="5m"}[1d])', 'last_over_time(x{for="5m"}[14400s])'],
    // Two days ahead are a number of seconds for the parser.
    ['predict_linear(x[6h], 2 * 24 * 3600) > y', 'predict_linear(x[3600s], (2 * 24 * 3600) / 6) > y'],
    // A date, and a time-out of the server.
    ['x - time() < 30 * 24 * 3600', 'x - time() < 30 * 24 * 3600'],
    ['x > 30000', 'x > 30000'],
  ])('%s', (expression, scaled) => {
    expect(scaledExpression(expression, 6)).toBe(scaled);
  });

  test('that is none is refused', () => {
    expect(() => scaledExpression('rate(x[5m]', 6)).toThrow('not PromQL');
  });
});

test('a rule waits for less; a group looks more often', () => {
  const rule = { alert: 'A', expr: 'x == 1', for: '10m', labels: { severity: 'critical' } };
  expect(scaledGroups([{ name: 'g', interval: '1m', rules: [rule] }], 6)).toEqual([
    { name: 'g', interval: '10s', rules: [{ ...rule, for: '100s' }] },
  ]);
});

const times = (text: string): string[] => text.match(/\b\d+(?:ms|[smhdwy])\b/g) ?? [];

test('of the real rules each time is another one afterwards, and the number of them is the same', () => {
  const [before, after] = [rulesOf(1), rulesOf(7)].map(({ groups }) => times(JSON.stringify(groups)));
  expect(before?.length).toBeGreaterThan(20);
  expect(after?.length).toBe(before?.length);
  expect(after?.map(secondsOf)).toEqual(before?.map((time) => Math.round((secondsOf(time) * 1000) / 7) / 1000));
});

test('the jobs are those of components/monitoring, in one namespace, and answer before they are asked again', () => {
  const place = { namespace: 'parcels', kubeconfig: '/k', rules: '/r.yml', port: 9090, factor: 6 };
  const sd = [{ role: 'pod', namespaces: { names: ['parcels'] }, kubeconfig_file: '/k' }];
  const job = { scrape_interval: '5s', scrape_timeout: '5s', kubernetes_sd_configs: sd };
  expect(configurationOf(place)).toMatchObject({
    global: { evaluation_interval: '5s', scrape_interval: '5s', scrape_timeout: '5s' },
    scrape_configs: [
      { job_name: 'elasticsearch-exporter', ...job, relabel_configs: expect.any(Array) },
      { job_name: 'elasticsearch-agents', ...job, relabel_configs: expect.any(Array) },
      { job_name: 'elasticsearch-snapshots', ...job, relabel_configs: expect.any(Array) },
      { job_name: 'reviews-setup', ...job, relabel_configs: expect.any(Array) },
      { job_name: 'reviews-kibana', ...job, relabel_configs: expect.any(Array) },
      { job_name: 'reviews-probe', ...job, relabel_configs: expect.any(Array) },
      { job_name: 'prometheus', static_configs: [{ targets: ['127.0.0.1:9090'] }] },
    ],
    rule_files: ['/r.yml'],
  });
  expect(configurationOf({ ...place, factor: 1 })).toMatchObject({
    scrape_configs: [...['15s', '10s', '10s', '10s', '10s', '10s'].map((timeout) => ({ scrape_timeout: timeout })), {}],
  });
});

test('the account is in the kubeconfig with its token alone', () => {
  const text = kubeconfigOf({ server: 'https://127.0.0.1:1', authority: 'QQ==', token: 'secret' });
  expect(load(text)).toMatchObject({ users: [{ name: 'prometheus', user: { token: 'secret' } }] });
});
