import { describe, expect, test } from '@jest/globals';
import { removals } from './host-network.ts';

describe('what a Docker engine leaves in the firewall', () => {
  const listed = `-P INPUT ACCEPT
-P FORWARD DROP
-N DOCKER
-N DOCKER-USER
-N KUBE-ROUTER
-A FORWARD -j DOCKER-USER
-A FORWARD -o docker0 -j ACCEPT
-A FORWARD -i lab0 -j ACCEPT
-A DOCKER-USER -j RETURN
-A POSTROUTING -s 172.17.0.0/16 ! -o docker0 -j MASQUERADE
`;

  test('is taken out: first the rules that jump to its chains, then the chains', () => {
    expect(removals(listed)).toEqual([
      ['-D', 'FORWARD', '-j', 'DOCKER-USER'],
      ['-D', 'FORWARD', '-o', 'docker0', '-j', 'ACCEPT'],
      ['-D', 'DOCKER-USER', '-j', 'RETURN'],
      ['-D', 'POSTROUTING', '-s', '172.17.0.0/16', '!', '-o', 'docker0', '-j', 'MASQUERADE'],
      ['-F', 'DOCKER'],
      ['-F', 'DOCKER-USER'],
      ['-X', 'DOCKER'],
      ['-X', 'DOCKER-USER'],
    ]);
  });

  test("and nobody else's rules are touched", () => {
    expect(JSON.stringify(removals(listed))).not.toMatch(/lab0|KUBE/);
  });
});
