import { describe, expect, test } from '@jest/globals';
import type { JsonMap } from '../../../../functions/elasticsearch-topology/src/yaml/json.ts';
import { type Change, POD, planned } from '../../support/objects.ts';

describe('The waits of a stopping pod', () => {
  const waits = (env: JsonMap[], grace?: number): string[] =>
    planned({
      set: [
        [[...POD, 'containers', 0, 'env'], env],
        ...(grace === undefined ? [] : [[[...POD, 'terminationGracePeriodSeconds'], grace] as Change]),
      ],
    }).messages;
  const wait = (name: string, value: string): JsonMap => ({ name, value });

  test('must together be shorter than the grace period', () => {
    expect(
      waits(
        [wait('PRE_STOP_LEAVE_SECONDS', '60'), wait('PRE_STOP_SECONDS', '30'), wait('SHUTDOWN_SECONDS', '10')],
        101,
      ),
    ).toEqual([]);
    expect(waits([wait('PRE_STOP_LEAVE_SECONDS', '60'), wait('SHUTDOWN_SECONDS', '40')], 100)).toEqual([
      '`spec.template.spec.terminationGracePeriodSeconds` must be more than 100, ' +
        'the sum of PRE_STOP_LEAVE_SECONDS 60, SHUTDOWN_SECONDS 40, found 100',
    ]);
  });

  test("are compared with Kubernetes' 30 seconds where no grace period is given", () => {
    expect(waits([wait('SHUTDOWN_SECONDS', '29')])).toEqual([]);
    expect(waits([wait('SHUTDOWN_SECONDS', '30')])).toHaveLength(1);
  });

  test('of one name count once, as the last of them does', () => {
    expect(waits([wait('SHUTDOWN_SECONDS', '500'), wait('SHUTDOWN_SECONDS', '5')])).toEqual([]);
  });

  const both = (ours: JsonMap[], theirs: JsonMap[]): string[] =>
    planned({
      set: [
        [[...POD, 'containers', 0, 'env'], ours],
        [[...POD, 'initContainers', 0, 'env'], theirs],
      ],
    }).messages;

  test('of the container that prepares count as well', () => {
    expect(
      both(
        [wait('PRE_STOP_AGENT_SECONDS', '10')],
        [wait('PRE_STOP_BLIND_SECONDS', '10'), wait('SHUTDOWN_SECONDS', '10')],
      ),
    ).toEqual([
      '`spec.template.spec.terminationGracePeriodSeconds` must be more than 30, ' +
        'the sum of PRE_STOP_AGENT_SECONDS 10, PRE_STOP_BLIND_SECONDS 10, SHUTDOWN_SECONDS 10, found 30',
    ]);
  });

  test('must not stand where nobody reads them', () => {
    expect(both([wait('SHUTDOWN_SECONDS', '5')], [wait('SHUTDOWN_SECONDS', '10')])).toEqual([
      '`spec.template.spec.containers[0].env[0].name` must not be SHUTDOWN_SECONDS, which another container has ' +
        'and reads: the waits stand in initContainers.0, found "SHUTDOWN_SECONDS"',
    ]);
  });

  test('must be whole numbers that stand there', () => {
    expect(waits([wait('PRE_STOP_SECONDS', 'long'), { name: 'SHUTDOWN_SECONDS', valueFrom: {} }])).toEqual([
      '`spec.template.spec.containers[0].env[0].value` must be a whole number of seconds, ' +
        'as PRE_STOP_SECONDS is a part of the grace period, found "long"',
      '`spec.template.spec.containers[0].env[1].value` must be a whole number of seconds, ' +
        'as SHUTDOWN_SECONDS is a part of the grace period, found nothing',
    ]);
  });

  test('have no say under other names', () => {
    expect(waits([wait('PRE_STOP_MINUTES', 'x'), wait('MY_SHUTDOWN_SECONDS', '900'), { value: '900' }])).toEqual([]);
  });
});
