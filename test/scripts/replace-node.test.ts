// `make replace-node` and `make upgrade-check` as they are run, interrupted where they may be. With a real API server
// and Kubernetes' own controllers; there is no kubelet: what exec brings is played by support/kubectl-with-answers.
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { IPersistentVolumeClaim, IPod } from 'kubernetes-models/v1';
import { type Finished, run } from '../../scripts/lib/process.ts';
import { startControllerManager } from '../support/controller-manager.ts';
import { apiServer, controllerManager, kubectl as kubectlProgram } from '../support/needs/programs.ts';
import { suiteNeeding } from '../support/needs/suite.ts';
import { type Answers, clusterAnswer, playAnswers } from './support/answers.ts';
import { type Checkout, checkout } from './support/checkout.ts';
import { must, startTarget, type Target } from './support/kubectl.ts';
import { until } from './support/until.ts';

const limit = 240_000;
const ns = ['-n', 'reviews'];
const node = 'elasticsearch-1';
const claim = `data-${node}`;
const EXCLUDE = 'cluster.routing.allocation.exclude._name';
const NOTE = 'cluster.metadata.delivery-reviews.replacing';

suiteNeeding('replace-node', [apiServer, controllerManager, kubectlProgram], () => {
  let target: Target;
  let copy: Checkout;
  let answers: Answers;
  let stopControllers: () => Promise<void>;

  const uidOf = async (): Promise<string> => {
    const { metadata } = JSON.parse(await must([...ns, 'get', 'pvc', claim, '-o', 'json'])) as IPersistentVolumeClaim;
    return metadata?.uid ?? '';
  };
  /** What a kubelet would say of every pod. */
  const pods = async (): Promise<IPod[]> =>
    (JSON.parse(await must([...ns, 'get', 'pods', '-o', 'json'])) as { items: IPod[] }).items;
  const allRun = async (): Promise<void> => {
    const state = { running: { startedAt: '2026-11-01T00:00:00Z' } };
    const of = (name: string): object => ({ name, ready: true, restartCount: 0, image: 'i', imageID: 'i', state });
    for (const { metadata } of await pods()) {
      const status = {
        phase: 'Running',
        conditions: [{ type: 'Ready', status: 'True' }],
        initContainerStatuses: [of('agent')],
        containerStatuses: [of('elasticsearch')],
      };
      await must([
        ...ns,
        'patch',
        'pod',
        metadata?.name ?? '',
        '--subresource=status',
        '--type=merge',
        '-p',
        JSON.stringify({ status }),
      ]);
    }
  };
  /** A pod without a machine can't be asked. */
  const placed = async (): Promise<void> => {
    for (const { metadata, spec } of await pods())
      if (spec?.nodeName === undefined)
        await must(
          ['create', '--raw', `/api/v1/namespaces/reviews/pods/${metadata?.name ?? ''}/binding`, '-f', '-'],
          JSON.stringify({
            apiVersion: 'v1',
            kind: 'Binding',
            metadata: { name: metadata?.name },
            target: { apiVersion: 'v1', kind: 'Node', name: 'machine' },
          }),
        );
  };
  const command = (name: string, ...words: readonly string[]): Promise<Finished> =>
    run(`${copy.folder}/node_modules/.bin/tsx`, [`${copy.folder}/scripts/${name}.ts`, 'prod', ...words], {
      cwd: copy.folder,
      env: { ...process.env, FORM: 'exec', YES: '1', TIMEOUT: '5' },
      seconds: 180,
    });

  beforeAll(async () => {
    target = await startTarget();
    stopControllers = startControllerManager(target.server);
    copy = checkout();
    await copy.command('deploy', 'prod');
    await until(
      'pods',
      async () => (await pods()).filter(({ metadata }) => metadata?.name?.startsWith('elasticsearch-')).length === 3,
    );
    await placed();
    await allRun();
    await must([...ns, 'create', 'secret', 'generic', 'elasticsearch-user-elastic', '--from-literal=password=p']);
  }, 300_000);
  beforeEach(() => {
    answers?.remove();
    answers = playAnswers();
  });
  afterAll(async () => {
    answers?.remove();
    copy?.remove();
    await stopControllers?.();
    await target?.stop();
  });

  test(
    'upgrade-check asks as the agents do, and reads no password',
    async () => {
      const { stdout, stderr } = await command('upgrade-check', '9.5.5');
      expect(`${stdout}${stderr}`).toMatch(/^yes +the path is open: from 9\.5\.3 to 9\.5\.5/m);
      for (const line of [
        'yes       the cluster is green: 3 nodes',
        'yes       every disk is below the low watermark',
        'yes       the disks would hold what a lost node had',
        'yes       nothing is deprecated: not asked',
        'not known the last good snapshot is young enough: the overlay takes none',
      ])
        expect(stdout).toContain(line);
      expect(answers.read('asked-as-superuser')).toBe('');
    },
    limit,
  );

  test(
    'upgrade-check knows nothing by half an answer',
    async () => {
      answers.write('elasticsearch', clusterAnswer().slice(0, -9));
      const { code, stdout } = await command('upgrade-check', '9.5.5');
      expect(code).toBe(1);
      expect(stdout).toMatch(/^not known the path is open: .*is cut, or no JSON/m);
      expect(stdout).not.toMatch(/^yes +(?:the cluster is green|no vote)/m);
    },
    limit,
  );

  test.each<[string, string, string, RegExp]>([
    ['a node that is none', clusterAnswer(), 'elasticsearch-1;id', /NODE must be one of/],
    ['the only copy', clusterAnswer([1]), node, /has the only copy of reviews\/0/],
    [
      'an exclusion of somebody',
      clusterAnswer([0, 1, 2], { [EXCLUDE]: 'elasticsearch-2' }),
      node,
      /no node is kept free/,
    ],
    ['half an answer', clusterAnswer().slice(0, -9), node, /is cut, or no JSON/],
    [
      'another one under way',
      clusterAnswer([0, 1, 2], { [NOTE]: 'elasticsearch-2 x' }),
      node,
      /elasticsearch-2 is being/,
    ],
    ['a note that is none', clusterAnswer([0, 1, 2], { [NOTE]: 'x' }), node, /replacing is "x"/],
  ])(
    'changes nothing where there is %s',
    async (_, answer, which, why) => {
      const before = await uidOf();
      answers.write('elasticsearch', answer);
      const { code, stderr } = await command('replace-node', which);
      expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringMatching(why) });
      expect(answers.read('written')).toBe('');
      expect(await uidOf()).toBe(before);
    },
    limit,
  );

  test(
    'notes what it does, asks never the node itself, and leaves a disk alone that is a new one already',
    async () => {
      const before = await uidOf();
      answers.write(
        'elasticsearch',
        clusterAnswer([0, 1, 2], { [EXCLUDE]: node, [NOTE]: `${node} of-an-older-claim` }),
      );
      const done = await command('replace-node', node);
      expect(done.stderr).toContain(`${node} is being replaced already: going on`);
      expect(done.stderr).toContain('has a new claim, and takes shards again');
      expect(await uidOf()).toBe(before);
      expect(JSON.parse(answers.read('written'))).toEqual({ persistent: { [EXCLUDE]: null, [NOTE]: null } });
      expect(answers.read('asked')).not.toContain(node);
    },
    limit,
  );

  test(
    'deletes claim and pod, waits for the new claim, and goes on when it was interrupted in between',
    async () => {
      const before = await uidOf();
      const first = await command('replace-node', node);
      // No kubelet ends the pod, so the old claim stays: it gives up, and says so.
      expect({ code: first.code, stderr: first.stderr }).toEqual({
        code: 1,
        stderr: expect.stringMatching(/are deleted[^]*there is no new claim after 5 s.*Run this again/s),
      });
      expect(JSON.parse(answers.read('written').split('\n')[0] ?? '')).toEqual({
        persistent: { [EXCLUDE]: node, [NOTE]: `${node} ${before}` },
      });
      answers.write('elasticsearch', clusterAnswer([0, 1, 2], { [EXCLUDE]: node, [NOTE]: `${node} ${before}` }));
      await must([...ns, 'delete', 'pod', node, '--force', '--grace-period=0']);
      await until('a new claim', async () => (await uidOf()) !== before);
      const second = await command('replace-node', node);
      expect(second.stderr).toContain('takes shards again');
      expect(answers.read('written').trim().split('\n').at(-1)).toBe(
        JSON.stringify({ persistent: { [EXCLUDE]: null, [NOTE]: null } }),
      );
    },
    limit,
  );
});
