// A real exporter before a real node of Elasticsearch, as its user, and the agent's own metrics: each name that a rule
// asks for is there.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { dump, load } from 'js-yaml';
import { metricsText } from '../../base/elasticsearch/agent/metrics.ts';
import { createRecord } from '../../base/elasticsearch/agent/record.ts';
import { readWaits } from '../../base/elasticsearch/agent/settings.ts';
import { root } from '../../scripts/lib/paths.ts';
import { environment } from '../agent/support/environment.ts';
import { type Server, startElasticsearch } from '../reviews/support/elasticsearch.ts';
import { passwordOf } from '../reviews/support/file-realm.ts';
import { elasticsearch } from '../support/needs/elasticsearch.ts';
import { suiteNeeding } from '../support/needs/suite.ts';
import { rolesOfTheBase } from '../support/roles.ts';
import { Exporter, exporterProgram, type Mounted, variables } from './support/exporter.ts';
import { groupingsIn, recorded, rules, type Selector, selectorsIn } from './support/rules.ts';
import { ADDED, lackOf, type Series, seriesIn } from './support/series.ts';

jest.setTimeout(180_000);

/** What no scrape of one node has, with the reason. */
const NOT_HERE: Readonly<Record<string, string>> = {
  up: 'Prometheus itself makes it',
  elasticsearch_clustersettings_allocation_watermark_low_bytes:
    'only where watermarks are bytes; then no ratio is told',
  elasticsearch_clustersettings_allocation_watermark_high_bytes: 'as above',
};

const asked: readonly Selector[] = rules.flatMap(({ expr }) => selectorsIn(String(expr)));
const ofServers = asked.filter(({ metric }) => !recorded.has(metric) && NOT_HERE[metric] === undefined);
const ofAgents = ofServers.filter(({ metric }) => metric.startsWith('reviews_agent_'));
const ofExporter = ofServers.filter(({ metric }) => !metric.startsWith('reviews_agent_'));

const lacks = (series: Series, selectors: readonly Selector[]): string[] => [
  ...new Set(selectors.flatMap((selector) => lackOf(series, selector))),
];

const agentSeries = (): Series => {
  const record = createRecord(() => 0);
  record.waits('copies');
  record.wants(3);
  record.sawCertificate(1.8e9);
  const use = { startedAtSeconds: 1.7e9, cpuSeconds: 1, residentBytes: 9e7 };
  const text = (): string => metricsText(record.look(), readWaits(environment('/none')), use);
  const starting = text();
  record.enter('serving');
  return seriesIn(starting + text());
};

test("the agent's metrics have each name, label and word that a rule asks for", () => {
  expect(ofAgents.length).toBeGreaterThan(10);
  expect(lacks(agentSeries(), ofAgents)).toEqual([]);
  expect(lacks(agentSeries(), [{ metric: 'reviews_agent_waiting', labels: [] }])).toEqual([]);
  const wrong = [{ label: 'waits_for', operator: '=', wanted: 'godot' }];
  expect(lacks(agentSeries(), [{ metric: 'reviews_agent_waiting', labels: wrong }])).toEqual([
    'reviews_agent_waiting{waits_for="godot"}',
  ]);
});

suiteNeeding('a real scrape', [elasticsearch], () => {
  let server: Server | undefined;
  let folder = '';
  let mounted: Mounted;
  let exporter: Exporter;

  const writeLogin = (password: string): void => {
    writeFileSync(join(mounted.login, 'username'), 'monitoring');
    writeFileSync(join(mounted.login, 'password'), password);
  };

  beforeAll(async () => {
    await exporterProgram();
    server = await startElasticsearch();
    folder = mkdtempSync(join(tmpdir(), 'exporter-'));
    mounted = {
      url: server.url,
      login: join(folder, 'login'),
      authority: join(server.folder, 'config/certificates'),
      readAtStart: join(folder, 'read-at-start'),
    };
    mkdirSync(mounted.login);
    writeLogin(passwordOf('monitoring'));
    exporter = await Exporter.start(mounted);
  }, 1_500_000);
  afterAll(async () => {
    await exporter?.stop();
    await server?.stop();
    if (folder !== '') rmSync(folder, { recursive: true });
  });

  test('has each name, label and word that a rule asks of the exporter', async () => {
    const series = seriesIn(await exporter.scrape());
    expect(ofExporter.length).toBeGreaterThan(10);
    expect(lacks(series, ofExporter)).toEqual([]);
    // What is in the list is really not there.
    expect(Object.keys(NOT_HERE).filter((metric) => series.has(metric))).toEqual([]);
  });

  test('has each label by which rules tell series apart, or join them', async () => {
    const series = new Map([...seriesIn(await exporter.scrape()), ...agentSeries()]);
    for (const { expr } of rules) {
      const metrics = selectorsIn(String(expr)).flatMap(({ metric }) => series.get(metric) ?? []);
      if (metrics.length === 0) continue;
      const known = new Set([...ADDED, ...metrics.flatMap((labels) => Object.keys(labels))]);
      expect({ expr, unknown: groupingsIn(String(expr)).filter((label) => !known.has(label)) }).toEqual({
        expr,
        unknown: [],
      });
    }
  });

  test('is had without a fault, a password in an argument, and more memory than the pod has', async () => {
    await exporter.scrape();
    expect(exporter.log).not.toMatch(/level=(?:ERROR|WARN)/i);
    expect(exporter.commandLine).not.toContain(passwordOf('monitoring'));
    // Half of the limit.
    expect(exporter.residentMib).toBeLessThan(32);
  });

  test('is not had with any of the actions of its role less', async () => {
    const roles = load(rolesOfTheBase()) as Record<string, { cluster?: string[] }>;
    const actions = roles['reviews-monitoring']?.cluster ?? [];
    const file = join(server?.folder ?? '', 'config/roles.yml');
    const enough: string[] = [];
    try {
      for (const action of actions) {
        const fewer = { cluster: actions.filter((one) => one !== action) };
        writeFileSync(file, dump({ ...roles, 'reviews-monitoring': fewer }));
        const end = Date.now() + 20_000;
        let lack: string[] = [];
        // The node reads the file again every five seconds.
        while (lack.length === 0 && Date.now() < end) {
          await pause(1000);
          lack = lacks(seriesIn(await exporter.scrape()), ofExporter);
        }
        if (lack.length === 0) enough.push(action);
        writeFileSync(file, rolesOfTheBase());
        while (lacks(seriesIn(await exporter.scrape()), ofExporter).length > 0 && Date.now() < end + 20_000)
          await pause(1000);
      }
    } finally {
      writeFileSync(file, rolesOfTheBase());
    }
    expect(actions.length).toBeGreaterThan(2);
    expect(enough).toEqual([]);
  }, 600_000);

  test('goes on with what was read at the start: the probe says so when login or authority change', () => {
    const asRead = (): number | null =>
      spawnSync('sh', [join(root, 'components/monitoring/scripts/as-read.sh')], { env: variables(mounted) }).status;
    expect(asRead()).toBe(0);
    writeLogin('another');
    expect(asRead()).toBe(1);
    rmSync(join(mounted.login, 'password'));
    // Nothing is known of what has changed.
    expect(asRead()).toBe(0);
    writeLogin(passwordOf('monitoring'));
    expect(asRead()).toBe(0);
    const authority = join(folder, 'authority');
    mkdirSync(authority);
    writeFileSync(join(authority, 'ca.crt'), 'a new one');
    mounted = { ...mounted, authority };
    expect(asRead()).toBe(1);
  });
});
