// The one setting of the kernel that Elasticsearch refuses to start without.

import { Refused } from '../../lib/environment.ts';

/** https://www.elastic.co/docs/deploy-manage/deploy/self-managed/vm-max-map-count */
const NEEDED = 262_144;

/** `have`: the text of /proc/sys/vm/max_map_count. */
export const checkKernel = (have: string, node: string, withoutMmap: boolean): void => {
  if (withoutMmap || Number(have.trim()) >= NEEDED) return;
  throw new Refused(
    `vm.max_map_count is ${have.trim()} on Kubernetes node ${node}, Elasticsearch needs at least ${NEEDED} (1048576 ` +
      "is recommended). Set it on the node (sysctl -w vm.max_map_count=1048576), or run 'kubectl apply -k " +
      "components/node-sysctl', or set 'node.store.allow_mmap: false' for a test cluster",
  );
};
