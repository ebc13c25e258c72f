// The full name of this pod, as the kubelet wrote it into the hosts file: certificates name it, and no lookup is
// needed.

import { Refused } from '../../lib/environment.ts';

export const ownName = (hosts: string, podName: string): string => {
  for (const line of hosts.split('\n')) {
    const [, ...names] = (line.split('#', 1)[0] ?? '').trim().split(/\s+/);
    const full = names.find((name) => name.startsWith(`${podName}.`));
    if (full !== undefined) return full;
  }
  throw new Refused(
    `no full name of ${podName} in /etc/hosts: the StatefulSet's serviceName must name its headless Service`,
  );
};
