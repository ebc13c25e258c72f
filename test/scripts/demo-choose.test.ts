// What `make demo` does where there is no cluster: on machines that are made up here.
import { describe, expect, test } from '@jest/globals';
import { type Choice, choose, type Machine, readWanted } from '../../examples/start/choose.ts';
import { type Current, readCurrent } from '../../scripts/lib/cluster/current.ts';

const there: Current = { is: 'there', context: 'mine' };
const none: Current = { is: 'none', why: 'kubectl has no current context' };
const unusable: Current = { is: 'unusable', why: 'mine does not answer' };

const machine = (open: readonly ('kind' | 'lab')[], canAsk = true): Machine => ({
  missing: { kind: open.includes('kind') ? [] : ['docker', 'kind'], lab: open.includes('lab') ? [] : ['root: run it'] },
  labTakes: 'a quarter of an hour',
  canAsk,
});

const said = (choice: Choice): string => ('say' in choice ? choice.say : '');

describe('the choice', () => {
  test('is the cluster of the current context, where that answers', () => {
    for (const wanted of [undefined, 'current'] as const)
      expect(choose(there, wanted, machine(['kind', 'lab']))).toEqual({ do: 'use', context: 'mine' });
  });

  test('without one: kind is offered, and how long it takes, and how it goes again', () => {
    const choice = choose(none, undefined, machine(['kind', 'lab']));
    expect(choice).toMatchObject({ do: 'ask', kind: 'kind' });
    expect(said(choice)).toContain('a few minutes');
    expect(said(choice)).toContain('To remove it: kind delete cluster --name reviews');
  });

  test('where nobody can be asked, kind is only named', () => {
    const choice = choose(none, undefined, machine(['kind'], false));
    expect(choice.do).toBe('stop');
    expect(said(choice)).toContain('\n  make demo CLUSTER=kind   ');
  });

  test.each([true, false])(
    'without kind: the lab is started where it fits, and it says how long that takes (%p)',
    (ask) => {
      const choice = choose(none, undefined, machine(['lab'], ask));
      expect(choice).toMatchObject({ do: 'start', kind: 'lab' });
      expect(said(choice)).toBe(
        'No cluster: kubectl has no current context. Starting the lab, a real Kubernetes on this machine: ' +
          'a quarter of an hour. To remove it: make lab-down',
      );
    },
  );

  test('with neither: it says why there is none, and what each way lacks', () => {
    expect(choose(none, undefined, machine([]))).toEqual({
      do: 'stop',
      say: [
        'there is no cluster to show it on: kubectl has no current context',
        '  kubectl config use-context NAME, then make demo: on a cluster that you have',
        '  a cluster in Docker, made by kind, is not possible here. Missing:',
        '    docker',
        '    kind',
        '  the lab, a real Kubernetes on this machine, is not possible here. Missing:',
        '    root: run it',
      ].join('\n'),
    });
  });

  test('a context that was chosen and does not answer is never replaced by another cluster', () => {
    const choice = choose(unusable, undefined, machine(['kind', 'lab']));
    expect(choice.do).toBe('stop');
    expect(said(choice)).toContain('mine does not answer');
    expect(said(choice)).toContain('\n  make demo CLUSTER=lab   the lab, ');
  });

  test('CLUSTER=current starts nothing', () => {
    expect(choose(none, 'current', machine(['kind', 'lab'])).do).toBe('stop');
  });

  test.each(['kind', 'lab'] as const)('CLUSTER=%s starts it without a question, whatever the context', (wanted) => {
    for (const current of [there, none, unusable])
      expect(choose(current, wanted, machine(['kind', 'lab']))).toMatchObject({ do: 'start', kind: wanted });
    const choice = choose(there, wanted, machine([]));
    expect(choice.do).toBe('stop');
    expect(said(choice)).toContain(`CLUSTER=${wanted} can't be started`);
  });

  test('any other value is refused by name', () => {
    expect([undefined, '', 'kind'].map(readWanted)).toEqual([undefined, undefined, 'kind']);
    expect(() => readWanted('minikube')).toThrow('CLUSTER must be one of current, kind, lab, but is "minikube"');
  });
});

describe('what kubectl says of the current context', () => {
  const done = (code: number, stdout = '', stderr = '') => ({ code, stdout, stderr });

  test('is that there is none', () => {
    expect(readCurrent(done(1, '', 'error: current-context is not set\n'), undefined)).toEqual(none);
  });

  test('is something else: then somebody has chosen one, and none takes its place', () => {
    expect(readCurrent(done(1, '', 'error: yaml: line 2: mapping values\n'), undefined)).toEqual({
      is: 'unusable',
      why: "kubectl can't say which cluster is meant: error: yaml: line 2: mapping values",
    });
  });

  test('is its name, and then its cluster answers or does not', () => {
    expect(readCurrent(done(0, 'mine\n'), done(0, 'Server Version: v1.37.2'))).toEqual(there);
    expect(readCurrent(done(0, 'mine\n'), done(1, 'Client Version: v1.37.2', 'a\nrefused\n'))).toEqual({
      is: 'unusable',
      why: "the cluster of the current context, mine, can't be used: refused",
    });
    expect(readCurrent(done(0, 'mine\n'), done(124))).toMatchObject({ why: expect.stringContaining('ended with 124') });
  });
});
