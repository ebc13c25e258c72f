// Each check of `make lint` is green on the checkout, as a change is red on it: here each is shown the fault it is for.
import { execFileSync } from 'node:child_process';
import { appendFileSync, cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { root } from '../../scripts/lib/paths.ts';
import { type Finished, run } from '../../scripts/lib/process.ts';
import { tracked } from '../../scripts/lint/files.ts';
import { shellcheck } from '../../scripts/lint/shellcheck.ts';

const limit = 120_000;

interface Fault {
  readonly what: string;
  readonly check: string;
  /** Added at the end of it. */
  readonly file: string;
  readonly text: string;
  readonly says: RegExp;
}

const faults: readonly Fault[] = [
  {
    what: 'an import from below to above',
    check: 'dependencies',
    file: 'functions/elasticsearch-topology/src/yaml/nodes.ts',
    text: "export { plan } from '../topology/plan.ts';\n",
    says: /yaml-knows-only-itself: \S+yaml\/nodes\.ts → \S+topology\/plan\.ts/,
  },
  {
    what: "the scripts' library the wrong way round",
    check: 'dependencies',
    file: 'scripts/lib/quantity.ts',
    text: "export { wait } from './cluster/wait.ts';\n",
    says: /scripts-library-points-down: scripts\/lib\/quantity\.ts → scripts\/lib\/cluster\/wait\.ts/,
  },
  {
    what: 'a program of one ConfigMap that imports from another',
    check: 'dependencies',
    file: 'base/reviews/setup/answers.ts',
    text: "export { parseHealth } from '../../elasticsearch/agent/parse.ts';\n",
    says: /a-program-knows-no-other: \S+setup\/answers\.ts → \S+agent\/parse\.ts/,
  },
  {
    what: 'an export that nobody uses',
    check: 'unused',
    file: 'scripts/lib/quantity.ts',
    text: 'export const nobodyAsksForThis = 1;\n',
    says: /nobodyAsksForThis/,
  },
  {
    what: 'a long line of TypeScript',
    check: 'columns',
    file: 'scripts/lib/quantity.ts',
    text: `// ${'x'.repeat(118)}\n`,
    says: /scripts\/lib\/quantity\.ts:\d+: 121 columns/,
  },
  {
    what: 'a long line of bash',
    check: 'columns',
    file: 'test/lab/lib/pki',
    text: `# ${'x'.repeat(119)}\n`,
    says: /test\/lab\/lib\/pki:\d+: 121 columns/,
  },
  {
    what: 'a script that is not formatted',
    check: 'shfmt',
    file: 'test/lab/lib/pki',
    text: 'if true;then echo yes;fi\n',
    says: /^\+if true; then echo yes; fi$/m,
  },
  {
    what: 'TypeScript that is not formatted',
    check: 'biome',
    file: 'scripts/lib/quantity.ts',
    text: 'export const  two = "2"\n',
    says: /quantity\.ts format/,
  },
  {
    what: 'a link to a page that is not there',
    check: 'links',
    file: 'docs/kustomize.md',
    text: '\nSee [the other page](no-such-page.md).\n',
    says: /no-such-page\.md/,
  },
  {
    what: 'a link to a heading that is not there',
    check: 'links',
    file: 'docs/kustomize.md',
    text: '\nSee [the other part](availability.md#no-such-heading).\n',
    says: /no-such-heading/,
  },
  {
    what: 'a promise that nobody waits for',
    check: 'oxlint',
    file: 'scripts/lib/quantity.ts',
    text: 'export const later = async (): Promise<void> => {\n  Promise.resolve(1);\n};\n',
    says: /no-floating-promises/,
  },
  {
    what: 'a YAML key that stands twice',
    check: 'yaml',
    file: 'base/elasticsearch/service-account.yaml',
    text: 'kind: ServiceAccount\n',
    says: /service-account\.yaml[^]*unique|duplicat/i,
  },
  {
    what: 'a page with two headings of the first rank',
    check: 'markdown',
    file: 'docs/kustomize.md',
    text: '\n# Another\n',
    says: /docs\/kustomize\.md:\d+.*MD025/,
  },
];

describe('make lint', () => {
  let copy: string;
  const git = (...args: string[]): string => execFileSync('git', args, { cwd: copy, encoding: 'utf8' });
  const lint = (check: string): Promise<Finished> =>
    run(join(copy, 'node_modules/.bin/tsx'), ['scripts/lint.ts', check], { cwd: copy, seconds: limit / 1000 });

  beforeAll(() => {
    copy = mkdtempSync(join(tmpdir(), 'lint-'));
    for (const file of tracked()) {
      mkdirSync(dirname(join(copy, file)), { recursive: true });
      cpSync(join(root, file), join(copy, file));
    }
    symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
    git('init', '--quiet');
    git('add', '--all');
    git('-c', 'user.name=test', '-c', 'user.email=test@localhost', 'commit', '--quiet', '--message', 'all');
  }, limit);
  afterEach(() => {
    git('checkout', '--quiet', '.');
  });
  afterAll(() => rmSync(copy, { recursive: true, force: true }));

  test.each([...new Set(faults.map(({ check }) => check))])(
    '%s finds nothing in the checkout',
    async (check) => {
      expect(await lint(check)).toMatchObject({ code: 0, stdout: `ok       ${check}\n` });
    },
    limit,
  );

  test.each(faults)(
    '$check finds $what',
    async ({ check, file, text, says }) => {
      appendFileSync(join(copy, file), text);
      const done = await lint(check);
      expect(done.stdout).toMatch(says);
      expect(done.stdout).toContain(`findings ${check}`);
      expect(done.code).toBe(1);
    },
    limit,
  );

  test('names the checks there are where one is asked for that is not', async () => {
    const done = await lint('nosuch');
    expect(done).toMatchObject({ code: 1, stdout: '' });
    expect(done.stderr).toContain('no check is called nosuch; there are biome, types, ');
  });
});

test('ShellCheck finds an unquoted variable', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'shellcheck-'));
  const script = join(folder, 'wrong');
  writeFileSync(script, '#!/bin/bash\nrm $1\n');
  expect((await shellcheck([script])).get(script)).toEqual([expect.stringMatching(/:2:4: .*\[SC2086\]$/)]);
  rmSync(folder, { recursive: true });
}, 300_000);
