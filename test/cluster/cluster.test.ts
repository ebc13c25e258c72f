// Runs the scenarios of scenarios/index.ts, one after the other, on one cluster. Started by run.ts, which cleans up after it.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from '@jest/globals';
import { namespaceOf } from './harness/cluster.ts';
import { collectLogs } from './harness/collect.ts';
import { removeLoad } from './harness/load.ts';
import { markClean, markDirty, prepare } from './harness/prepare.ts';
import type { Attempt } from './harness/attempts.ts';
import { publish, today } from './harness/publish.ts';
import type { Result } from './harness/results.ts';
import type { Row } from './harness/row.ts';
import { say, secondsSince } from './harness/say.ts';
import type { Scenario } from './harness/scenario.ts';
import { artifacts, byName, onCurrentContext, set } from './harness/settings.ts';
import { scenarios } from './scenarios/index.ts';

const preparationMinutes = 20;
const rows: Row[] = [];
const results: Result[] = [];
const attempts: Attempt[] = [];
let network: (readonly string[])[] | undefined;

mkdirSync(artifacts, { recursive: true });

const perform = async (scenario: Scenario): Promise<void> => {
  const { name, variant, labOnly = false } = scenario;
  const namespace = namespaceOf(variant);
  say(`▶ ${name}: ${scenario.does}`);
  await prepare(scenario);
  const began = Date.now();
  markDirty();
  await scenario.run({
    scenario: name,
    variant,
    namespace,
    record: (row) => rows.push(row),
    tried: (what, answer) => attempts.push({ scenario: name, what, answer }),
    matrix: (head, lines) => (network = [head, ...lines]),
  });
  if (!labOnly) markClean();
  say(`✓ ${name} (${secondsSince(began)} s)`);
};

const wanted = scenarios.filter((scenario) => byName || set === 'full' || scenario.set === 'ci');

for (const scenario of wanted) {
  const title = `${scenario.name}: ${scenario.does}`;
  if (onCurrentContext && scenario.labOnly) {
    test.skip(`${title} (skipped: only the lab can do this)`, () => undefined);
    continue;
  }
  test(
    title,
    async () => {
      const began = Date.now();
      // Written after each scenario: an interrupted run keeps what it has measured.
      const ended = async (passed: boolean): Promise<void> => {
        results.push({ scenario: scenario.name, passed, seconds: secondsSince(began), date: today() });
        await publish({ rows, results, attempts, network }, scenarios.map(({ name }) => name));
      };
      try {
        await perform(scenario);
        await ended(true);
      } catch (error) {
        await ended(false).catch((problem: unknown) => say(String(problem)));
        say(`✗ ${scenario.name}: ${String(error)}`);
        await collectLogs(join(artifacts, scenario.name));
        await removeLoad(namespaceOf(scenario.variant)).catch(() => undefined);
        throw error;
      }
    },
    (scenario.minutes + preparationMinutes) * 60_000,
  );
}
