// Whoever reads a runbook at night types what it says: each command is one that its program knows, about what is there.
// Requests to Elasticsearch are tried on a real node: test/reviews/suites/runbooks.ts.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { type KubernetesObject, parseManifests } from '../../scripts/lib/objects.ts';
import { run } from '../../scripts/lib/process.ts';
import { Program } from '../agent/support/program.ts';
import { buildSeconds, copyOfCheckout, renderFolder, root } from '../render/harness.ts';
import { kubectl } from '../support/needs/programs.ts';
import { suiteNeeding } from '../support/needs/suite.ts';
import { kubectlCommands, makeCommands, others, requests, wordsOf } from './support/commands.ts';
import { unknownIn } from './support/named.ts';

jest.setTimeout(60_000);

test('each command is tried by one of these tests, or elsewhere', () => {
  for (const found of [kubectlCommands, makeCommands, requests]) expect(found.length).toBeGreaterThan(2);
  expect(others.map(({ text }) => text).sort()).toEqual([
    // Of lost-quorum.md: the scenario quorum-lost-for-good runs them.
    expect.stringMatching(/^IMAGE=\$\(kubectl .* get statefulset elasticsearch /),
    // The names that the commands of lost-node.md are about: the scenario node-that-never-returns runs them.
    'NAMESPACE=reviews NODE=node-c POD=elasticsearch-2',
    'NAMESPACE=reviews POD=elasticsearch-0',
    expect.stringMatching(/^UUID=\$\(kubectl .* logs unsafe-bootstrap /),
    // A way to render: test/render has its own kustomize.
    'kustomize build --enable-alpha-plugins',
    'npm run test:cluster -- -t node-that-never-returns',
    expect.stringMatching(/^sed .* examples\/lost-quorum\/unsafe-bootstrap\.yaml \| kubectl .* create -f -$/),
    'test -n "$UUID"',
  ]);
});

test('nobody changes by hand what a command of ours changes with care', () => {
  const byHand = /\b(?:edit|patch)\b.*\b(?:pvc|pv|persistentvolumeclaims?|persistentvolumes?|statefulsets?|sts)\b/;
  expect(kubectlCommands.filter(({ text }) => byHand.test(text))).toEqual([]);
  expect(byHand.test('kubectl edit pvc')).toBe(true);
});

describe('make knows', () => {
  const tried = (words: readonly string[]): ReturnType<typeof run> =>
    run('make', ['-n', ...words.filter((word) => word !== '…')], { cwd: root, seconds: 50 });

  test.each(makeCommands.map((command) => [command.text, command] as const))('%s', async (_, command) => {
    const done = await tried(wordsOf(command).slice(1));
    expect({ code: done.code, stderr: done.stderr }).toEqual(expect.objectContaining({ code: 0 }));
  });

  test('no other', async () => {
    expect((await tried(['stats'])).code).not.toBe(0);
  });
});

suiteNeeding('kubectl knows', [kubectl], () => {
  /** It reads every flag before it answers with its help, and asks no cluster. */
  const understood = (words: readonly string[]): ReturnType<typeof run> => {
    const end = words.includes('--') ? words.indexOf('--') : words.length;
    return run('kubectl', [...words.slice(0, end), '--help', ...words.slice(end)], { seconds: 50 });
  };

  test.each(kubectlCommands.map((command) => [command.text, command] as const))('%s', async (_, command) => {
    const done = await understood(wordsOf(command).slice(1));
    expect({ code: done.code, stderr: done.stderr }).toEqual(expect.objectContaining({ code: 0 }));
  });

  test('no other flag', async () => {
    expect((await understood(['logs', 'elasticsearch-0', '--tial', '20'])).code).not.toBe(0);
  });
});

describe('the manifests have what kubectl is asked about', () => {
  const { copy, remove } = copyOfCheckout();
  let objects: readonly KubernetesObject[] = [];
  beforeAll(async () => {
    const parts = ['agent-metrics', 'setup-metrics', 'monitoring', 'reviews-probe', 'snapshots-fs', 'cert-manager'];
    const components = parts.map((name) => `../../components/${name}`);
    mkdirSync(join(copy, 'overlays/runbooks'));
    writeFileSync(
      join(copy, 'overlays/runbooks/kustomization.yaml'),
      'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nnamespace: reviews\nresources: [../prod]\n' +
        'transformers: [../../components/cert-manager/names, ../prod/topology]\n' +
        `components: [${components.join(', ')}]\n`,
    );
    const { objects: rendered } = await renderFolder('overlays/runbooks', copy);
    // What a page makes for a while.
    const made = parseManifests(readFileSync(join(root, 'examples/lost-quorum/unsafe-bootstrap.yaml'), 'utf8'));
    objects = [...rendered, ...made];
  }, buildSeconds);
  afterAll(remove);

  test.each(kubectlCommands.map((command) => [command.text, command] as const))('%s', (_, command) => {
    expect(unknownIn(objects, wordsOf(command))).toEqual([]);
  });

  test.each([
    ['kubectl logs elasticsearch-7 -c agent', 'pod/elasticsearch-7'],
    ['kubectl logs elasticsearch-0 -c agnet', 'container agnet'],
    ['kubectl logs deployment/exporter', 'deployment/exporter'],
    ['kubectl get secret elasticsearch-tsl', 'secret/elasticsearch-tsl'],
    ['kubectl get pods -l app=exporter', 'label app'],
    ['kubectl exec elasticsearch-0 -- node /opt/elasticsearch/agent/look.ts', 'look.ts'],
  ])('and not those of "%s"', (text, lack) => {
    expect(unknownIn(objects, wordsOf({ page: '', text }))).toEqual([lack]);
  });
});

describe("the agent's program knows", () => {
  const shown = kubectlCommands.map(wordsOf).filter((words) => words.some((word) => word.endsWith('/show.ts')));
  let program: Program;
  beforeAll(async () => {
    program = await Program.create();
  }, 120_000);
  afterAll(() => program.remove());

  test.each([...new Set(shown.map((words) => words.at(-1) ?? ''))])('show.ts %s', async (word) => {
    const done = await program.run('show.ts', word);
    // There is no agent here; a word that it does not know is told before that.
    expect({ code: done.code, stderr: done.stderr }).toEqual({
      code: 1,
      stderr: expect.stringContaining('cannot be asked'),
    });
  });

  test('no other word', async () => {
    expect((await program.run('show.ts', 'helath')).code).toBe(2);
  });
});
