import { describe, expect, test } from '@jest/globals';
import type { IContainerStatus, IEvent, IPersistentVolumeClaim, IPod } from 'kubernetes-models/v1';
import { causeText, diagnose } from '../../scripts/lib/cluster/diagnose.ts';
import type { Snapshot } from '../../scripts/lib/cluster/snapshot.ts';

const nothing: Snapshot = {
  statefulSet: {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { name: 'elasticsearch' },
    spec: { replicas: 1, selector: {}, serviceName: 'x', template: {} },
  },
  pods: [],
  claims: [],
  events: [],
  storageClasses: [],
  logs: new Map(),
  health: undefined,
};

const why = (snapshot: Snapshot): string[] => diagnose(snapshot).map(causeText);

const pod = (status: IPod['status'], spec?: IPod['spec']): IPod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'elasticsearch-0' },
  ...(spec === undefined ? {} : { spec }),
  ...(status === undefined ? {} : { status }),
});
const container = (
  name: string,
  state: IContainerStatus['state'],
  more: Partial<IContainerStatus> = {},
): IContainerStatus => ({
  name,
  image: 'elasticsearch:9.5.3',
  imageID: '',
  ready: false,
  restartCount: 0,
  ...(state === undefined ? {} : { state }),
  ...more,
});
const event = (kind: string, name: string, reason: string, message: string): IEvent => ({
  apiVersion: 'v1',
  kind: 'Event',
  metadata: { name: 'x' },
  involvedObject: { kind, name },
  reason,
  message,
  type: 'Warning',
});

describe('a deployment that does not go on says why', () => {
  test('when the scheduler finds no node, in the words of the scheduler', () => {
    const message = '0/3 nodes are available: 3 Insufficient memory.';
    const pods = [pod({ conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message }] })];
    expect(why({ ...nothing, pods })).toEqual([`Pod elasticsearch-0: can't be scheduled: ${message}`]);
  });

  describe('when a claim gets no volume', () => {
    const pods = [
      pod(
        { phase: 'Pending' },
        { containers: [], volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'data-elasticsearch-0' } }] },
      ),
    ];
    const claim = (storageClassName?: string): IPersistentVolumeClaim => ({
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name: 'data-elasticsearch-0' },
      spec: storageClassName === undefined ? {} : { storageClassName },
      status: { phase: 'Pending' },
    });
    const storageClass = (name: string, isDefault: boolean) =>
      ({
        apiVersion: 'storage.k8s.io/v1',
        kind: 'StorageClass',
        provisioner: 'x',
        metadata: { name, annotations: { 'storageclass.kubernetes.io/is-default-class': String(isDefault) } },
      }) as const;

    test('for want of a default storage class', () => {
      expect(why({ ...nothing, pods, claims: [claim()], storageClasses: [storageClass('slow', false)] })).toEqual([
        expect.stringMatching(/^Claim data-elasticsearch-0: .* no default one \(classes: slow\)/),
      ]);
    });

    test('for a class that does not exist', () => {
      expect(why({ ...nothing, pods, claims: [claim('fast')] })).toEqual([
        expect.stringContaining('no storage class "fast" (classes: none)'),
      ]);
    });

    test('for the reason that the provisioner gives', () => {
      const events = [event('PersistentVolumeClaim', 'data-elasticsearch-0', 'ProvisioningFailed', 'quota exceeded')];
      expect(
        why({ ...nothing, pods, claims: [claim('slow')], storageClasses: [storageClass('slow', true)], events }),
      ).toEqual(['Claim data-elasticsearch-0: quota exceeded']);
    });

    test('but a claim of somebody else is not mentioned', () => {
      expect(why({ ...nothing, claims: [claim()] })).toEqual([]);
    });
  });

  test('when an image is not to be had', () => {
    const waiting = { reason: 'ImagePullBackOff', message: 'not found' };
    const pods = [pod({ initContainerStatuses: [container('prepare', { waiting })] })];
    expect(why({ ...nothing, pods })).toEqual([
      "Pod elasticsearch-0, container prepare: the image elasticsearch:9.5.3 can't be pulled: not found",
    ]);
  });

  test('when an image is not to be had by several pods, without what differs from pod to pod', () => {
    const stuck = (name: string, port: number): IPod => ({
      ...pod({
        containerStatuses: [
          container('a', {
            waiting: {
              reason: 'ImagePullBackOff',
              message:
                'Back-off pulling image "x": ErrImagePull: lookup failed: read udp ' +
                `10.0.0.1:${port}->10.0.0.53:53: i/o timeout`,
            },
          }),
        ],
      }),
      metadata: { name },
    });
    expect(why({ ...nothing, pods: [stuck('one', 1111), stuck('two', 2222)] })).toEqual([
      "Pod one, container a, Pod two, container a: the image elasticsearch:9.5.3 can't be pulled: lookup failed: " +
        'read udp 10.0.0.53:53: i/o timeout',
    ]);
  });

  test('when prepare refuses the kernel setting, with its words and the cure', () => {
    const pods = [
      pod({
        initContainerStatuses: [
          container(
            'prepare',
            { waiting: { reason: 'CrashLoopBackOff' } },
            { lastState: { terminated: { exitCode: 1, reason: 'Error' } } },
          ),
        ],
      }),
    ];
    const logs = new Map([['elasticsearch-0/prepare', 'vm.max_map_count must be at least 262144, but is 65530']]);
    const [cause] = why({ ...nothing, pods, logs });
    expect(cause).toContain(
      'container prepare: ended with exit code 1:\n  vm.max_map_count must be at least 262144, but is 65530',
    );
    expect(cause).toContain('sysctl -w vm.max_map_count=1048576');
  });

  test('when a container runs out of memory', () => {
    const pods = [
      pod({
        containerStatuses: [
          container(
            'elasticsearch',
            { running: {} },
            { lastState: { terminated: { exitCode: 137, reason: 'OOMKilled' } } },
          ),
        ],
      }),
    ];
    expect(why({ ...nothing, pods })).toEqual([
      expect.stringContaining('container elasticsearch: was killed: out of memory'),
    ]);
  });

  test('when a Secret has not been made yet', () => {
    const pods = [pod({ initContainerStatuses: [container('prepare', { waiting: { reason: 'PodInitializing' } })] })];
    const events = [
      event(
        'Pod',
        'elasticsearch-0',
        'FailedMount',
        'MountVolume.SetUp failed for volume "tls" : secret "elasticsearch-tls" not found',
      ),
    ];
    expect(why({ ...nothing, pods, events })).toEqual([
      'Pod elasticsearch-0: waits for the Secret elasticsearch-tls, which the credentials Deployment makes',
    ]);
  });

  test('when Pod Security refuses the pods, which shows only in events', () => {
    const events = [event('StatefulSet', 'elasticsearch', 'FailedCreate', 'violates PodSecurity "restricted:latest"')];
    expect(why({ ...nothing, events })).toEqual([
      'StatefulSet elasticsearch: can\'t make its pods: violates PodSecurity "restricted:latest"',
    ]);
  });
});

test('one cause that holds up several pods is said once, with all their names', () => {
  const stuck = pod({ conditions: [{ type: 'PodScheduled', status: 'False', message: 'no nodes available' }] });
  const pods = [stuck, { ...stuck, metadata: { name: 'elasticsearch-1' } }];
  expect(why({ ...nothing, pods })).toEqual([
    "Pod elasticsearch-0, Pod elasticsearch-1: can't be scheduled: no nodes available",
  ]);
});

describe('what has gone by is not mentioned', () => {
  test('an old mount failure of a pod whose containers have started', () => {
    const pods = [pod({ containerStatuses: [container('elasticsearch', { running: {} })] })];
    expect(
      why({ ...nothing, pods, events: [event('Pod', 'elasticsearch-0', 'FailedMount', 'secret "a" not found')] }),
    ).toEqual([]);
  });

  test('a mount failure of the pod that had this name before', () => {
    const mine = pod({ initContainerStatuses: [container('prepare', { waiting: { reason: 'PodInitializing' } })] });
    const failed = event('Pod', 'elasticsearch-0', 'FailedMount', 'secret "a" not found');
    const events = [{ ...failed, involvedObject: { ...failed.involvedObject, uid: 'before' } }];
    expect(why({ ...nothing, pods: [{ ...mine, metadata: { name: 'elasticsearch-0', uid: 'now' } }], events })).toEqual(
      [],
    );
  });

  test('an earlier crash of a pod that is ready now', () => {
    const pods = [
      pod({
        conditions: [{ type: 'Ready', status: 'True' }],
        containerStatuses: [
          container('elasticsearch', { running: {} }, { lastState: { terminated: { exitCode: 1 } } }),
        ],
      }),
    ];
    expect(why({ ...nothing, pods })).toEqual([]);
  });

  test('a refusal of pods that exist now', () => {
    const events = [event('StatefulSet', 'elasticsearch', 'FailedCreate', 'quota')];
    expect(why({ ...nothing, pods: [pod({})], events })).toEqual([]);
  });
});
