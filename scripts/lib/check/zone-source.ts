// Can the nodes of an overlay learn their zones? Kubernetes copies a node's zone to its pods from 1.35 on; before, only
// a right to read Kubernetes nodes helps, which components/zone-lookup gives.
// https://github.com/kubernetes/kubernetes/blob/v1.35.0/pkg/features/kube_features.go (PodTopologyLabelsAdmission)
import type { IClusterRole, IClusterRoleBinding } from 'kubernetes-models/rbac.authorization.k8s.io/v1';
import type { Target } from '../cluster/target.ts';
import type { KubernetesObject } from '../objects.ts';
import { type Finding, ok, warning } from './finding.ts';
import { minorOf } from './version.ts';

/** The first Kubernetes that tells a pod its zone without being asked to. */
const tellsZones = 35;
/** `version` as the server says it, such as v1.35.4. */
export const tellsPodsTheirZone = (version: string): boolean => minorOf(version) >= tellsZones;
export const zoneLabel = 'topology.kubernetes.io/zone';

/** Do the objects let this account read Kubernetes nodes? */
const letsReadNodes = (objects: readonly KubernetesObject[], { namespace, statefulSet }: Target): boolean => {
  const account = statefulSet.spec?.template.spec?.serviceAccountName;
  const bound = objects
    .filter((object): object is KubernetesObject & IClusterRoleBinding => object.kind === 'ClusterRoleBinding')
    .filter(({ subjects = [] }) => subjects.some((one) => one.name === account && one.namespace === namespace))
    .map(({ roleRef }) => roleRef.name);
  const roles = new Set(bound);
  return objects
    .filter((object): object is KubernetesObject & IClusterRole => object.kind === 'ClusterRole')
    .filter(({ metadata }) => roles.has(metadata.name))
    .flatMap(({ rules }) => rules ?? [])
    .some(({ resources = [], verbs }) => resources.includes('nodes') && verbs.includes('get'));
};

/** The zones that the config names, as the function has put them into the agent's variables. */
const namedZones = ({ statefulSet }: Target): string =>
  (statefulSet.spec?.template.spec?.initContainers ?? [])
    .flatMap(({ env }) => env ?? [])
    .find(({ name }) => name === 'AWARENESS_ZONES')?.value ?? '';

export const zoneSourceFindings = (
  version: string,
  objects: readonly KubernetesObject[],
  target: Target,
): Finding[] => {
  const zones = namedZones(target);
  const spreads = (target.statefulSet.spec?.template.spec?.topologySpreadConstraints ?? []).some(
    ({ topologyKey }) => topologyKey === zoneLabel,
  );
  // A single node has no copy that could share its zone.
  if (target.replicas < 2 || (!spreads && zones === '')) return [];
  if (tellsPodsTheirZone(version)) return [ok(`Kubernetes ${version} tells pods their zones`)];
  if (letsReadNodes(objects, target)) return [ok('nodes look their zones up')];
  const cause =
    `Kubernetes ${version} does not tell pods their zones (1.${tellsZones} does), and this overlay lets no node look ` +
    'its own up: add components/zone-lookup, as its README.md says.';
  return [
    zones === ''
      ? warning(`${cause} Without it no node knows its zone, and copies of a shard may share one`)
      : {
          level: 'error',
          message: `${cause} Without it no node is in one of the zones ${zones}, so replicas are never assigned`,
        },
  ];
};
