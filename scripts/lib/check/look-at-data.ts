// What a removal would do to the data, read from the cluster and put into words.
import { getJson, type List } from '../cluster/kubectl.ts';
import type { Target } from '../cluster/target.ts';
import type { KubernetesObject } from '../objects.ts';
import { strangers } from './belonging.ts';
import { namesOf } from './claims.ts';
import { dataFate } from './data-fate.ts';
import { retentionOf } from './retention.ts';
import { standingOf, volumesOf } from './standing.ts';
import { volumeFate } from './volume-fate.ts';

interface DataLook {
  /** Why nothing at all may be removed. */
  readonly refusals: readonly string[];
  /** Names of claims that go. */
  readonly goes: readonly string[];
  /** What stays although its claim goes. */
  readonly left: readonly string[];
  /** What is said before anybody is asked. */
  readonly promise: string;
}

/** By the overlay's word; whether the cluster says the same is for the refusals to tell. */
export const deletesData = ({ statefulSet }: Target): boolean =>
  retentionOf(statefulSet, 'the overlay').whenDeleted === 'Delete';

/** What a deletion of the namespace would take along that this overlay has not made. */
const foundInNamespace = async (
  namespace: string,
  objects: readonly KubernetesObject[],
  claims: readonly string[],
): Promise<string[]> => {
  const { items } = await getJson<List<KubernetesObject>>([
    '-n',
    namespace,
    'statefulsets.apps,deployments.apps,daemonsets.apps,jobs.batch,cronjobs.batch,persistentvolumeclaims',
  ]);
  const names = strangers(items, objects, claims);
  return names.length === 0
    ? []
    : [`namespace ${namespace}, which would be deleted, also holds ${names.join(', ')}: move or remove that first`];
};

const kept = (claims: string, namespace: string): string =>
  `The data stays: the claims (${claims}), the Secrets with the certificate authority and the passwords, and ` +
  'the namespace. A later deploy goes on with them. ' +
  `Whoever wants them gone for ever: kubectl delete namespace ${namespace}`;

/** UserError where the API server does not let itself be asked. */
export const lookAtData = async (
  target: Target,
  objects: readonly KubernetesObject[],
  deletesNamespace: boolean,
): Promise<DataLook> => {
  const { namespace, statefulSet: rendered } = target;
  const { statefulSet: live, claims, pods } = await standingOf(target);
  const { goes, refusals } = dataFate({ namespace, rendered, live, claims, pods, deletesNamespace });
  const volumes = volumeFate(goes, await volumesOf(goes));
  const names = claims.map(({ name }) => name);
  const found = deletesNamespace ? await foundInNamespace(namespace, objects, names) : [];
  const named = claims.length > 0 ? namesOf(claims) : 'there are none now';
  const deleted =
    `${volumes.kept.length === 0 ? 'The data is deleted for ever' : 'Deleted, but for the volumes above'}: ` +
    `the claims (${named})` +
    (deletesNamespace ? `, the Secrets, and the whole namespace ${namespace}` : '. The Secrets and the namespace stay');
  return {
    refusals: [...refusals, ...volumes.refusals, ...found],
    goes: goes.map(({ name }) => name),
    left: volumes.kept,
    promise: deletesData(target) ? deleted : kept(named, namespace),
  };
};
