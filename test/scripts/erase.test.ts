// `make erase` with a real API server and Kubernetes' own controllers: they make the Job's pod, and remove it. There is
// no kubelet, so the test says that the pod runs, and its part of kubectl is in support/kubectl-without-kubelet. With
// kubelets it is tried in the lab (scenario erase-one-customer).
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { erase } from '../../scripts/lib/erase/job.ts';
import { type Finished, run, which } from '../../scripts/lib/process.ts';
import { renderFolder, root } from '../render/harness.ts';
import { startControllerManager } from '../support/controller-manager.ts';
import { apiServer, controllerManager, kubectl as kubectlProgram } from '../support/needs/programs.ts';
import { suiteNeeding } from '../support/needs/suite.ts';
import { asAccount, kubectl, must, startTarget, type Target } from './support/kubectl.ts';
import { type Kubelet, playKubelet } from './support/kubelet.ts';
import { until } from './support/until.ts';

const limit = 300_000;
let ns: readonly string[] = [];
const customer = 'C-4711-secret';

suiteNeeding('erase', [apiServer, controllerManager, kubectlProgram], () => {
  let target: Target;
  let stopControllers: () => Promise<void>;
  let folder: string;
  let kubelet: Kubelet | undefined;

  beforeAll(async () => {
    target = await startTarget();
    stopControllers = startControllerManager(target.server, ['job-controller', 'serviceaccount-controller']);
    // As the administrator, whoever erases.
    ns = ['--kubeconfig', process.env['KUBECONFIG'] ?? '', '-n', 'reviews'];
    await must(['create', 'namespace', 'reviews']);
  }, 150_000);
  afterAll(async () => {
    await stopControllers?.();
    await target?.stop();
  });
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'erase-'));
    symlinkSync(join(__dirname, 'support/kubectl-without-kubelet'), join(folder, 'kubectl'));
    writeFileSync(join(folder, 'calls'), '');
  });
  afterEach(() => {
    kubelet?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const environment = (more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv => ({
    FORM: 'exec',
    PATH: `${folder}:${process.env['PATH'] ?? ''}`,
    REAL_KUBECTL: which('kubectl'),
    ADMIN_KUBECONFIG: ns[1],
    ERASE_CALLS: join(folder, 'calls'),
    ERASE_INPUT: join(folder, 'input'),
    TIMEOUT: '60',
    ...more,
  });
  const args = ['--import', 'tsx', join(root, 'scripts/erase.ts'), 'prod'];
  /** The command as people start it. */
  const command = (input: string): Promise<Finished> =>
    run(process.execPath, args, { cwd: root, env: { ...process.env, ...environment() }, input, seconds: 250 });
  /** What it does, in this process; the proof. */
  const erasing = async (more: NodeJS.ProcessEnv = {}, startSeconds = 60): Promise<string> => {
    const before = { ...process.env };
    Object.assign(process.env, environment(more));
    const { signal } = new AbortController();
    try {
      const { proof, isGone } = await erase({
        namespace: 'reviews',
        customer,
        startSeconds,
        say: () => undefined,
        signal,
      });
      expect(isGone).toBe(true);
      return proof;
    } finally {
      process.env = before;
    }
  };
  const called = (): string => readFileSync(join(folder, 'calls'), 'utf8');
  const isEmpty = async (): Promise<boolean> => (await must([...ns, 'get', 'jobs,pods', '-o', 'name'])) === '';

  const serve = (): Kubelet => (kubelet = playKubelet(ns, 'erase'));

  test(
    'a wrong input is refused before anything is asked for',
    async () => {
      const why = "nothing was erased: the customer's id must be one line of plain text";
      expect(await command(`${customer}\nC2\n`)).toMatchObject({ code: 1, stderr: expect.stringContaining(why) });
      expect(called()).not.toMatch(/create|attach|delete/);
    },
    limit,
  );

  test(
    'before a deployment it names what is missing',
    () => expect(erasing()).rejects.toThrow(/nothing was erased: .*cronjobs.batch "reviews-erase" not found/s),
    limit,
  );

  describe('of a deployed overlay', () => {
    beforeAll(async () => {
      const { objects } = await renderFolder('overlays/prod');
      const template = objects.filter(({ metadata }) => metadata.name === 'reviews-erase');
      expect(template).toHaveLength(1);
      await must(['apply', '--server-side', '-f', '-'], JSON.stringify(template[0]));
      await until('the account is there', async () => (await kubectl([...ns, 'get', 'sa', 'default'])).code === 0);
    }, limit);

    test(
      'hands the id over, prints the proof, and leaves nothing behind',
      async () => {
        const { seen } = serve();
        const { code, stdout, stderr } = await command(`${customer}\n`);
        expect({ code, stdout, stderr }).toEqual({
          code: 0,
          stdout: '3 reviews erased, none left.\n',
          stderr: expect.stringMatching(/^Context test, namespace reviews: erases/m),
        });
        expect(readFileSync(join(folder, 'input'), 'utf8')).toBe(`${customer}\n`);
        // Not in an argument of kubectl, so in no URL either; not in an object, nor in what is said.
        expect(called()).toMatch(/ attach reviews-erase-\S+ -c erase -i -q\n/);
        expect(seen.join()).toContain('kind: Job');
        for (const text of [called(), seen.join(), stdout, stderr]) expect(text).not.toContain(customer);
        expect(await isEmpty()).toBe(true);
      },
      limit,
    );

    test.each([
      [
        'the program fails',
        { ERASE_CODE: '3', ERASE_SAYS: '{"message":"POST /_bulk: HTTP 403"}' },
        /failed with exit code 3; it may be started again:\nPOST \/_bulk: HTTP 403/,
      ],
      [
        'the connection breaks',
        { ERASE_CODE: 'cut' },
        /nothing proves that all is erased, so start it again: error: lost/,
      ],
      ['the program says no proof', { ERASE_SAYS: '{"message":"1 reviews are left"}' }, /what it said cannot be read/],
    ])(
      'where %s says so, and leaves nothing behind',
      async (_, more, why) => {
        serve();
        await expect(erasing(more)).rejects.toThrow(why);
        expect(await isEmpty()).toBe(true);
      },
      limit,
    );

    test(
      'where the pod does not start says what holds it up, hands nothing over and leaves nothing behind',
      async () => {
        await expect(erasing({}, 3)).rejects.toThrow(
          /the pod of Job reviews-erase-\S+ does not run after 3 s: Pending/,
        );
        expect(await isEmpty()).toBe(true);
        expect(called()).not.toContain('attach');
      },
      limit,
    );

    test(
      'where no pod can be made says why',
      async () => {
        const hard = { pods: '0' };
        const quota = { apiVersion: 'v1', kind: 'ResourceQuota', metadata: { name: 'none' }, spec: { hard } };
        const status = JSON.stringify({ status: { hard, used: hard } });
        await must([...ns, 'apply', '-f', '-'], JSON.stringify(quota));
        await must([...ns, 'patch', 'resourcequota', 'none', '--subresource=status', '--type=merge', '-p', status]);
        try {
          await expect(erasing({}, 8)).rejects.toThrow(
            /does not run after 8 s: Error creating: .* exceeded quota: none/,
          );
        } finally {
          await must([...ns, 'delete', 'resourcequota', 'none']);
        }
        expect(await isEmpty()).toBe(true);
      },
      limit,
    );

    test(
      'is done with the rights that docs/reviews.md names, which read no Secret',
      async () => {
        const page = readFileSync(join(root, 'docs/reviews.md'), 'utf8');
        await must([...ns, 'apply', '-f', '-'], /```yaml\n([^`]*kind: Role\n[^`]*)```/.exec(page)?.[1]);
        await must([...ns, 'create', 'serviceaccount', 'eraser']);
        const who = '--serviceaccount=reviews:eraser';
        await must([...ns, 'create', 'rolebinding', 'eraser', '--role=erases-reviews', who]);
        const token = (await must([...ns, 'create', 'token', 'eraser'])).trim();
        serve();
        await asAccount(target, token, async () => {
          expect(await erasing()).toBe('3 reviews erased, none left.');
          // What the real attach and logs ask for.
          for (const [asked, answer] of [
            [['create', 'pods', '--subresource=attach'], 'yes'],
            [['get', 'pods', '--subresource=log'], 'yes'],
            [['get', 'secrets'], 'no'],
            [['create', 'pods'], 'no'],
          ] as const)
            expect((await kubectl(['-n', 'reviews', 'auth', 'can-i', ...asked])).stdout.trim()).toBe(answer);
        });
      },
      limit,
    );

    test(
      'that is interrupted leaves nothing behind, and proves nothing',
      async () => {
        serve();
        const env = { ...process.env, ...environment({ ERASE_HANGS: 'yes' }) };
        const child = spawn(process.execPath, args, { cwd: root, env });
        let said = '';
        child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
        const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
        child.stdin.end(customer);
        await until('it is attached', async () => called().includes(' attach '));
        expect(await isEmpty()).toBe(false);
        child.kill('SIGINT');
        expect(await ended).toBe(1);
        expect(said).toContain('stopped: nothing proves that all is erased');
        expect(await isEmpty()).toBe(true);
      },
      limit,
    );
  });
});
