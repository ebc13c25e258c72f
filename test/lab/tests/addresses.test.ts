import { describe, expect, test } from '@jest/globals';
import { bash } from './bash.ts';

describe('names and addresses', () => {
  test('everything about a node follows from its letter', () => {
    expect(bash(['addresses'], 'node_ip a; node_ip b; pod_cidr b; zone_of b 9').out.split('\n')).toEqual([
      '10.210.0.11',
      '10.210.0.12',
      '10.220.12.0/24',
      'zone-b',
    ]);
  });

  test('six nodes over three zones are two in each', () => {
    expect(bash(['addresses'], 'for n in a b c d e f; do zone_of $n 3; done').out.split('\n')).toEqual([
      'zone-a',
      'zone-b',
      'zone-c',
      'zone-a',
      'zone-b',
      'zone-c',
    ]);
  });

  test.each(['j', 'B', 'ab', ''])('a node named "%s" is refused', (name) => {
    expect(bash(['addresses'], `node_index '${name}'`)).toEqual({
      code: 1,
      out: '',
      err: `lab: node names are a to i, not '${name}'`,
    });
  });
});
