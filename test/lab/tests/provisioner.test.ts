import { describe, expect, test } from '@jest/globals';
import { load } from 'js-yaml';
import { bash } from './bash.ts';

const provisioner = 'mkdir -p state/nodes/{a,b}/volumes; . "$LAB_SRC/lib/provisioner"\n';

describe('volumes on demand', () => {
  test('a claim gets a folder on its node, as a volume that nothing else can bind', () => {
    const { out } = bash([], provisioner + 'manifest Pending node-b 1234 reviews data-0 standard 2Gi; echo "# $nodes"');
    const home = out.slice(out.lastIndexOf('# ') + 2);
    expect(load(out)).toEqual({
      apiVersion: 'v1',
      kind: 'PersistentVolume',
      metadata: { name: 'pvc-1234' },
      spec: {
        capacity: { storage: '2Gi' },
        accessModes: ['ReadWriteOnce'],
        storageClassName: 'standard',
        persistentVolumeReclaimPolicy: 'Delete',
        claimRef: {
          apiVersion: 'v1',
          kind: 'PersistentVolumeClaim',
          namespace: 'reviews',
          name: 'data-0',
          uid: '1234',
        },
        local: { path: `${home}/b/volumes/1234` },
        nodeAffinity: {
          required: {
            nodeSelectorTerms: [
              { matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values: ['node-b'] }] },
            ],
          },
        },
      },
    });
  });

  test.each([
    ['waits, and the scheduler has found a node for', 'wants_volume Pending node-b standard new', 'yes'],
    ['is bound already', 'wants_volume Bound node-b standard new', 'no'],
    ['the scheduler has found no node for', 'wants_volume Pending "" standard new', 'no'],
    ['asks for another storage class', 'wants_volume Pending node-b fast new', 'no'],
    ['has been given one', 'wants_volume Pending node-b standard "$nodes/b/volumes"', 'no'],
  ])('a claim that %s gets a volume if it should (%#)', (_, question, answer) => {
    expect(bash([], `${provisioner} if ${question}; then echo yes; else echo no; fi`).out).toBe(answer);
  });

  test.each([
    ['lost its claim', 'may_delete Released Delete pvc-7 "$nodes/a/volumes/7"', 'yes'],
    ['is still bound', 'may_delete Bound Delete pvc-7 "$nodes/a/volumes/7"', 'no'],
    ['is to be retained', 'may_delete Released Retain pvc-7 "$nodes/a/volumes/7"', 'no'],
    ['lies elsewhere on the machine', 'may_delete Released Delete pvc-7 "$HERE/7"', 'no'],
    ["has another volume's name", 'may_delete Released Delete pvc-8 "$nodes/a/volumes/7"', 'no'],
    [
      "leads out of its node's folder",
      'may_delete Released Delete "pvc-../../../x" "$nodes/a/volumes/7/../../../x"',
      'no',
    ],
  ])('a volume that %s is deleted only if it may be (%#)', (_, question, answer) => {
    expect(bash([], `${provisioner} if ${question}; then echo yes; else echo no; fi`).out).toBe(answer);
  });
});
