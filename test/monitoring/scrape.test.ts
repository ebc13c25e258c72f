// A real exporter before a real node of Elasticsearch, as its user, and the agent's own metrics: each name that a rule
// or a panel asks for is there, and each panel has something to show.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { dump, load } from 'js-yaml';
import { root } from '../../scripts/lib/paths.ts';
import { type Server, startElasticsearch } from '../reviews/support/elasticsearch.ts';
import { passwordOf } from '../reviews/support/file-realm.ts';
import { elasticsearch } from '../support/needs/elasticsearch.ts';
import { suiteNeeding } from '../support/needs/suite.ts';
import { rolesOfTheBase } from '../support/roles.ts';
import { agentTexts } from './support/agent-text.ts';
import { queries } from './support/dashboard.ts';
import { Exporter, exporterProgram, type Mounted, oldExporterProgram, variables } from './support/exporter.ts';
import { NOT_SCRAPED } from './support/not-scraped.ts';
import { giveSomething } from './support/over-time.ts';
import { probeText } from './support/probe-text.ts';
import { promtool } from './support/promtool.ts';
import { groupingsIn, recorded, rules, type Selector, selectorsIn } from './support/rules.ts';
import { ADDED, lackOf, type Series, seriesIn } from './support/series.ts';
import { setUpTexts } from './support/set-up-text.ts';
import { snapshotsText } from './support/snapshots-text.ts';

jest.setTimeout(180_000);

const expressions: readonly string[] = [...rules.map(({ expr }) => String(expr)), ...queries];
const asked: readonly Selector[] = expressions.flatMap(selectorsIn);
const ofServers = asked.filter(({ metric }) => !recorded.has(metric) && NOT_SCRAPED[metric] === undefined);
const ofAgents = ofServers.filter(({ metric }) => metric.startsWith('reviews_agent_'));
const ofSnapshots = ofServers.filter(({ metric }) => metric.startsWith('reviews_snapshots_'));
const ofProbe = ofServers.filter(({ metric }) => metric.startsWith('reviews_probe_'));
const ofExporter = ofServers.filter(({ metric }) => !metric.startsWith('reviews_'));
const ofSetUp = ofServers.filter((one) => ![...ofExporter, ...ofAgents, ...ofSnapshots, ...ofProbe].includes(one));

const lacks = (series: Series, selectors: readonly Selector[]): string[] => [
  ...new Set(selectors.flatMap((selector) => lackOf(series, selector))),
];

const agents = agentTexts();
const agentSeries = (): Series => seriesIn(agents.waiting + agents.serving);

test("the agent's metrics have each name, label and word that a rule or a panel asks for", () => {
  expect(ofAgents.length).toBeGreaterThan(10);
  expect(lacks(agentSeries(), ofAgents)).toEqual([]);
  expect(lacks(agentSeries(), [{ metric: 'reviews_agent_waiting', labels: [] }])).toEqual([]);
  const wrong = [{ label: 'waits_for', operator: '=', wanted: 'godot' }];
  expect(lacks(agentSeries(), [{ metric: 'reviews_agent_waiting', labels: wrong }])).toEqual([
    'reviews_agent_waiting{waits_for="godot"}',
  ]);
});

test('so has the program of the snapshots', () => {
  expect(ofSnapshots.length).toBeGreaterThan(5);
  const series = seriesIn(snapshotsText());
  expect(lacks(series, ofSnapshots)).toEqual([]);
  expect(lacks(series, [{ metric: 'reviews_snapshots_weather', labels: [] }])).toEqual(['reviews_snapshots_weather']);
});

test('so has the probe', () => {
  expect(ofProbe.length).toBeGreaterThan(20);
  const series = seriesIn(probeText());
  expect(lacks(series, ofProbe)).toEqual([]);
  const another = [{ label: 'le', operator: '=', wanted: '3.0' }];
  expect(lacks(series, [{ metric: 'reviews_probe_search_seconds_bucket', labels: another }])).toHaveLength(1);
});

test('so have the programs of the set-up', () => {
  expect(ofSetUp.length).toBeGreaterThan(3);
  const series = seriesIn(setUpTexts());
  expect(lacks(series, ofSetUp)).toEqual([]);
  expect(lacks(series, [{ metric: 'reviews_weather', labels: [] }])).toEqual(['reviews_weather']);
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
    // What is not in the cache is built here, and in no test.
    for (const build of [exporterProgram, oldExporterProgram, () => promtool('--version')]) await build();
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

  test('has each name, label and word that a rule or a panel asks of the exporter', async () => {
    const series = seriesIn(await exporter.scrape());
    expect(ofExporter.length).toBeGreaterThan(10);
    expect(lacks(series, ofExporter)).toEqual([]);
    // What is in the list is really not there.
    expect(Object.keys(NOT_SCRAPED).filter((metric) => series.has(metric))).toEqual([]);
  });

  test('has each label by which rules and panels tell series apart, or join them', async () => {
    const series = new Map([...seriesIn(await exporter.scrape()), ...agentSeries()]);
    for (const expr of expressions) {
      const metrics = selectorsIn(expr).flatMap(({ metric }) => series.get(metric) ?? []);
      if (metrics.length === 0) continue;
      const known = new Set([...ADDED, ...metrics.flatMap((labels) => Object.keys(labels))]);
      expect({ expr, unknown: groupingsIn(expr).filter((label) => !known.has(label)) }).toEqual({ expr, unknown: [] });
    }
  });

  test('gives each panel of the dashboard something to show', async () => {
    const of = (job: string, pod: string): Record<string, string> => ({ namespace: 'reviews', job, pod });
    const scrapes = [
      { text: await exporter.scrape(), labels: of('elasticsearch-exporter', 'elasticsearch-exporter-0') },
      { text: agents.waiting, labels: of('elasticsearch-agents', 'elasticsearch-0') },
      { text: agents.serving, labels: of('elasticsearch-agents', 'elasticsearch-1') },
    ];
    const tried = (...some: readonly string[]): ReturnType<typeof promtool> =>
      promtool('test', 'rules', giveSomething(folder, scrapes, some));
    const { code, stdout, stderr } = await tried(...queries);
    expect({ code, output: stdout + stderr }).toEqual(expect.objectContaining({ code: 0 }));
    expect((await tried('up{namespace="reviews", job="another"}')).code).not.toBe(0);
  });

  test('of version 1.5 lacks what is listed in components/monitoring/README.md, and nothing else', async () => {
    const old = await Exporter.startOld(mounted);
    try {
      const lack = new Set(lacks(seriesIn(await old.scrape()), ofExporter));
      expect(lack.size).toBeGreaterThan(0);
      const readme = readFileSync(join(root, 'components/monitoring/README.md'), 'utf8');
      const listed = /^Version 1\.5 lacks (.*)\.$/m.exec(readme)?.[1] ?? '';
      expect(lack).toEqual(new Set(Array.from(listed.matchAll(/`([^`]+)`/g), ([, name]) => name)));
    } finally {
      await old.stop();
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
