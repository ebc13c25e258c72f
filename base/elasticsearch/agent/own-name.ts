// The full name of this pod, as the kubelet wrote it into the hosts file: certificates name it, and no lookup is
// needed.

import { Refused } from '../../lib/environment.ts';

/** In the kubelet's first line of the hosts file of a pod that is on its machine's own network. */
const HOST_NETWORK = '(host network)';

export const ownName = (hosts: string, podName: string): string => {
  for (const line of hosts.split('\n')) {
    const [, ...names] = (line.split('#', 1)[0] ?? '').trim().split(/\s+/);
    const full = names.find((name) => name.startsWith(`${podName}.`));
    if (full !== undefined) return full;
  }
  throw new Refused(
    `no full name of ${podName} in /etc/hosts: ` +
      ((hosts.split('\n', 1)[0] ?? '').includes(HOST_NETWORK)
        ? 'with hostNetwork: true the file is that of the Kubernetes node, which knows no pods. Take hostNetwork out ' +
          'of the overlay'
        : "the StatefulSet's serviceName must name its headless Service"),
  );
};

/** What follows the name of the pod: its Service, namespace and domain. */
const behind = (name: string): string => name.slice(name.indexOf('.')).replace(/:\d+$/, '');

/**
 * Whether the seed hosts are nodes of the same namespace and domain as this one. A tool that changes the namespace of
 * rendered manifests does not change these names, and the nodes would never find each other. Hosts that are no nodes of
 * the set are somebody's; short names are completed by DNS.
 */
export const checkSeedHosts = (seedHosts: string, own: string): void => {
  const set = own.slice(0, own.indexOf('.')).replace(/-\d+$/, '');
  const other = seedHosts
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line.startsWith(`${set}-`) && /^\d+\./.test(line.slice(set.length + 1)))
    .find((line) => !`${behind(own)}.`.startsWith(`${behind(line)}.`));
  if (other === undefined) return;
  throw new Refused(
    `the seed hosts are of another namespace or domain than this pod: ConfigMap elasticsearch-membership names ` +
      `${other}, and this pod is ${own}. Render the overlay with this namespace and spec.clusterDomain of ` +
      "ElasticsearchTopology, instead of changing what is rendered (as Flux's targetNamespace does)",
  );
};
