// Runs the scenarios of scenarios/index.ts, one after the other, on one cluster; or, with CLUSTER_SET=safeguards, those
// that must fail. Started by run.ts, which cleans up after it.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { beforeAll, test } from '@jest/globals';
import { expectDeclared, Watching } from './harness/alerts.ts';
import type { Attempt } from './harness/attempts.ts';
import { namespaceOf, undeploy } from './harness/cluster.ts';
import { collectLogs } from './harness/collect.ts';
import { repairLab } from './harness/lab.ts';
import { removeLoad } from './harness/load.ts';
import { markClean, markDirty, markFailed, prepare } from './harness/prepare.ts';
import { publish, publishProofs, today } from './harness/publish.ts';
import { changeEverything } from './harness/render.ts';
import type { Proof, Result } from './harness/results.ts';
import type { Row } from './harness/row.ts';
import { say, secondsSince } from './harness/say.ts';
import type { Bed, Scenario } from './harness/scenario.ts';
import { artifacts, byName, onCurrentContext, set, withoutAlerts, withoutSafeguards } from './harness/settings.ts';
import { type Safeguard, safeguards, scenarioNamed } from './safeguards.ts';
import { scenarios } from './scenarios/index.ts';
import { prometheusProgram } from './watch/prometheus.ts';
import type { Sighting } from './watch/table.ts';

const preparationMinutes = 20;
const rows: Row[] = [];
const results: Result[] = [];
const attempts: Attempt[] = [];
const sightings: Sighting[] = [];
const proofs: Proof[] = [];
let network: (readonly string[])[] | undefined;

mkdirSync(artifacts, { recursive: true });

// Where it is not in the cache it is built, which is no scenario's time.
beforeAll(async () => {
  if (withoutAlerts === undefined) await prometheusProgram();
}, 1_800_000);

const perform = async (scenario: Scenario): Promise<void> => {
  const { name, variant, labOnly = false, empty = false, alerts: declared = [] } = scenario;
  const namespace = namespaceOf(variant);
  say(`▶ ${name}: ${scenario.does}`);
  await prepare(scenario);
  const alerts = await Watching.begin(namespace, declared, !empty);
  const began = Date.now();
  markDirty();
  const bed: Bed = {
    scenario: name,
    variant,
    namespace,
    alerts,
    record: (row) => rows.push(row),
    tried: (what, answer) => attempts.push({ scenario: name, what, answer }),
    matrix: (head, lines) => (network = [head, ...lines]),
  };
  try {
    await scenario.run(bed);
    const seen = await alerts.seen(scenario.unheard);
    sightings.push({ scenario: name, declared: alerts.declared, seen, date: today() });
    expectDeclared(seen, alerts.declared);
  } catch (error) {
    if (!sightings.some((one) => one.scenario === name))
      sightings.push({ scenario: name, declared: alerts.declared, seen: 'the scenario failed before', date: today() });
    throw error;
  } finally {
    await alerts.end();
  }
  await scenario.after?.(bed);
  if (!labOnly) markClean();
  say(`✓ ${name} (${secondsSince(began)} s)`);
};

const failed = async (scenario: Scenario, error: unknown): Promise<void> => {
  say(`✗ ${scenario.name}: ${String(error)}`);
  await collectLogs(join(artifacts, scenario.name));
  await removeLoad(namespaceOf(scenario.variant)).catch(() => undefined);
  markFailed();
};

const runScenario = async (scenario: Scenario): Promise<void> => {
  const began = Date.now();
  // Written after each scenario: an interrupted run keeps what it has measured.
  const ended = async (passed: boolean): Promise<void> => {
    results.push({ scenario: scenario.name, passed, seconds: secondsSince(began), date: today() });
    await publish(
      { rows, results, attempts, sightings, network },
      scenarios.map(({ name }) => name),
    );
  };
  try {
    await perform(scenario);
    await ended(true);
  } catch (error) {
    await ended(false).catch((problem: unknown) => say(String(problem)));
    await failed(scenario, error);
    throw error;
  }
};

/** What a scenario says that fails without the safeguard, as it must. */
const failureWithout = async ({ name, without, fails }: Safeguard, scenario: Scenario): Promise<string> => {
  const namespace = namespaceOf(scenario.variant);
  changeEverything(without);
  try {
    await perform(scenario);
  } catch (error) {
    const said = stripVTControlCharacters(String(error));
    const failure = fails.exec(said)?.[0];
    if (failure !== undefined) return failure;
    await failed(scenario, error);
    throw new Error(
      `${scenario.name} fails without ${name}, but not for the reason that this safeguard is for: ${said}`,
      { cause: error },
    );
  } finally {
    changeEverything({});
    await repairLab();
    await removeLoad(namespace).catch(() => undefined);
    await undeploy(namespace);
  }
  throw new Error(`${scenario.name} passes without ${name}`);
};

const runWithout = async (safeguard: Safeguard): Promise<void> => {
  const { name, what, scenario } = safeguard;
  say(`▶ without ${name}: ${what}`);
  const failure = await failureWithout(safeguard, scenarioNamed(scenario));
  say(`✓ without ${name}, ${scenario} fails: ${failure}`);
  proofs.push({ safeguard: name, what, scenario, failure, date: today() });
  publishProofs(
    proofs,
    safeguards.map((one) => one.name),
  );
};

const milliseconds = ({ minutes }: Scenario): number => (minutes + preparationMinutes) * 60_000;

if (withoutSafeguards) {
  for (const safeguard of safeguards)
    test(
      `without ${safeguard.name}, ${safeguard.scenario} fails: ${safeguard.what}`,
      () => runWithout(safeguard),
      milliseconds(scenarioNamed(safeguard.scenario)),
    );
} else {
  for (const scenario of scenarios.filter(({ set: own }) => byName || set === 'full' || own === 'ci')) {
    const blind = scenario.watched === true ? withoutAlerts : undefined;
    const skipped = onCurrentContext && scenario.labOnly === true ? 'only the lab can do this' : blind;
    (skipped === undefined ? test : test.skip)(
      `${scenario.name}: ${scenario.does}${skipped === undefined ? '' : ` (skipped: ${skipped})`}`,
      () => runScenario(scenario),
      milliseconds(scenario),
    );
  }
}
