// What comes of asking an agent: an answer that is whole and this pod's, or why there is none.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { IContainerState, IPod } from 'kubernetes-models/v1';
import { createRecord } from '../../base/elasticsearch/agent/record.ts';
import { askAgent, parseAgentStatus, whyUnanswered, withoutAgent } from '../../scripts/lib/cluster/agent-status.ts';
import { apiServer, kubectl as kubectlProgram } from '../support/needs/programs.ts';
import { suiteNeeding } from '../support/needs/suite.ts';
import { kubectl, must, startTarget, type Target } from './support/kubectl.ts';

const pod = (state?: IContainerState, more: Partial<NonNullable<IPod['spec']>> = {}): IPod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'elasticsearch-0' },
  spec: { nodeName: 'node-a', containers: [{ name: 'elasticsearch' }], initContainers: [{ name: 'agent' }], ...more },
  status: {
    initContainerStatuses: [
      {
        name: 'agent',
        image: '',
        imageID: '',
        ready: true,
        restartCount: 0,
        ...(state === undefined ? {} : { state }),
      },
    ],
  },
});

describe('an answer', () => {
  let now = 0;
  const record = createRecord(() => now);
  record.enter('stopping-restart');
  record.waits('copies', 'waiting: too few other started copies of load/0');
  now = 90;
  /** As agent.ts puts it together. */
  const answer = {
    pod: 'elasticsearch-0',
    ready: true,
    stop: { way: 'restart', reason: 'waiting: …' },
    ...record.look(),
  };

  test('of the agent as it is now is understood', () =>
    expect(parseAgentStatus('elasticsearch-0', JSON.stringify(answer))).toEqual({
      ok: true,
      status: {
        phase: 'stopping-restart',
        phaseSeconds: 90,
        wait: { for: 'copies', reason: 'waiting: too few other started copies of load/0', seconds: 90 },
        stopReason: 'waiting: …',
        lookAgeSeconds: { elasticsearch: 90, kubernetes: 90 },
      },
    }));

  test('of one that waits for nothing has no wait', () =>
    expect(parseAgentStatus('elasticsearch-0', JSON.stringify({ ...answer, wait: null }))).toMatchObject({
      status: { wait: undefined },
    }));

  test('of another pod is none', () =>
    expect(parseAgentStatus('elasticsearch-1', JSON.stringify(answer))).toEqual({
      ok: false,
      why: 'the agent that answers is that of elasticsearch-0',
    }));

  test('that is cut, at whatever byte, is none', () => {
    const whole = JSON.stringify(answer);
    for (let at = 0; at < whole.length; at += 1)
      expect(parseAgentStatus('elasticsearch-0', whole.slice(0, at))).toEqual({
        ok: false,
        why: 'its answer is cut, or no JSON',
      });
  });

  test('of a version that says less is none, and says what is missing', () => {
    const { phase, ...before } = answer;
    expect(phase).toBe('stopping-restart');
    expect(parseAgentStatus('elasticsearch-0', JSON.stringify(before))).toEqual({
      ok: false,
      why: 'the answer has no text phase as this version knows it: the agent is of another one',
    });
  });
});

describe('nobody is asked', () => {
  test.each([
    [pod({ running: {} }), undefined],
    [pod({ running: {} }, { initContainers: [] }), 'the pod has no container agent'],
    [pod(undefined, { nodeName: '' }), 'the pod is on no Kubernetes node yet'],
    [pod(), 'its container agent does not run'],
    [pod({ waiting: { reason: 'ImagePullBackOff' } }), 'its container agent does not run (ImagePullBackOff)'],
    [pod({ terminated: { exitCode: 137, reason: 'OOMKilled' } }), 'its container agent does not run (OOMKilled)'],
  ])('where there is no agent that runs: %#', (of, why) => expect(withoutAgent(of)).toBe(why));
});

describe('no answer', () => {
  test.each([
    [{ code: 124, stdout: '', stderr: '' }, 'no answer within 20 s'],
    [
      {
        code: 1,
        stdout: '',
        stderr: 'The agent cannot be asked: connect ENOENT x\ncommand terminated with exit code 1\n',
      },
      'The agent cannot be asked: connect ENOENT x',
    ],
    [{ code: 1, stdout: '', stderr: '' }, 'kubectl ended with exit code 1 and no word'],
  ])('has a reason: %#', (done, why) => expect(whyUnanswered(done, 20)).toBe(why));
});

suiteNeeding('by a real API server', [apiServer, kubectlProgram], () => {
  let target: Target;
  beforeAll(async () => {
    target = await startTarget();
    await must(['create', 'namespace', 'reviews']);
    await must(['create', 'serviceaccount', '-n', 'reviews', 'default']);
    const manifest = {
      ...pod(),
      spec: {
        nodeName: 'node-a',
        automountServiceAccountToken: false,
        containers: ['agent', 'elasticsearch'].map((name) => ({ name, image: 'x' })),
      },
      status: undefined,
    };
    await must(['-n', 'reviews', 'create', '-f', '-'], JSON.stringify(manifest));
    await must(['-n', 'reviews', 'create', 'role', 'looks', '--verb=get,list', '--resource=pods']);
    await must(['-n', 'reviews', 'create', 'rolebinding', 'looks', '--role=looks', '--user=guest']);
  }, 150_000);
  afterAll(() => target?.stop());

  test('somebody who may look at pods, but not exec, is told so', async () => {
    const command = ['-n', 'reviews', '--as', 'guest', 'exec', 'elasticsearch-0', '-c', 'agent', '--', 'true'];
    expect(whyUnanswered(await kubectl(command), 20)).toBe(
      'forbidden: User "guest" cannot create resource "pods/exec" in API group "" in the namespace "reviews"',
    );
  });

  test('a pod that is not there, or whose Kubernetes node does not answer, has a reason', async () => {
    const gone = { ...pod({ running: {} }), metadata: { name: 'elasticsearch-9' } };
    expect(await askAgent('reviews', gone)).toEqual({ ok: false, why: expect.stringContaining('not found') });
    expect(await askAgent('reviews', pod({ running: {} }))).toEqual({ ok: false, why: expect.stringMatching(/\w/) });
  }, 60_000);
});
