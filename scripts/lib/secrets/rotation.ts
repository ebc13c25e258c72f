// How far a rotation is, read from the notes that the credentials Deployment keeps as annotations of its Secrets.
import type { IDeployment } from 'kubernetes-models/apps/v1';
import type { KubernetesObject } from '../objects.ts';

export const notePrefix = 'delivery-reviews.dev/';

export type Notes = Readonly<Record<string, string>>;

/** Notes of each Secret that takes part; undefined where there is no such Secret. */
export interface Standing {
  readonly users: Notes;
  readonly elastic: Notes | undefined;
  /** Of the nodes' certificate. */
  readonly certificate: Notes | undefined;
  /** Of Kibana's. */
  readonly kibana: Notes | undefined;
  /** Undefined also where it was not read. */
  readonly authority: Notes | undefined;
}

/** Made by the Deployment: what somebody else has made carries no checksum of it. */
export const isOurs = (notes: Notes | undefined): notes is Notes => notes?.['checksum'] !== undefined;

/** Why no new authority can be asked for. */
export const authorityRefusal = ({ certificate, kibana, authority }: Standing): string | undefined => {
  if (!isOurs(certificate) && !isOurs(kibana))
    return 'both certificates are made by somebody else, so there is no authority to renew here';
  if (authority === undefined)
    return 'there is no Secret elasticsearch-ca: the log of the Deployment credentials says why';
  return isOurs(authority)
    ? undefined
    : 'the authority was made by somebody else: put a new one into Secret elasticsearch-ca';
};

export const underWay = ({ users }: Standing): boolean => users['rotate'] !== undefined || users['phase'] !== undefined;

/** Asked for, and waiting, for up to a day, for the logins of the last rotation to end: it may still be hurried. */
export const isWaiting = ({ users }: Standing): boolean =>
  users['rotate'] === 'requested' && users['phase'] === undefined;

export interface Wishes {
  readonly revoke: boolean;
  readonly authority: boolean;
}

/** Those that what has been asked for already does not carry out. */
export const unheardOf = ({ users, certificate, kibana, authority }: Standing, wishes: Wishes): readonly string[] => {
  const revokes = users['rotate'] === 'revoke' || users['wish'] === 'revoke';
  // From the moment in which there is a new authority until the old one is forgotten, it is trusted beside it.
  const renews = authority?.['rotate'] !== undefined || [certificate, kibana].some((notes) => notes?.['trusted-at']);
  return [...(wishes.revoke && !revokes ? ['REVOKE=1'] : []), ...(wishes.authority && !renews ? ['AUTHORITY=1'] : [])];
};

const phases: Readonly<Record<string, string>> = {
  adding: 'new logins are stored beside the old ones',
  spreading: 'new logins are on their way to every node; nobody uses them yet',
  switching: 'programs are handed the new logins',
};

const until = (text: string | undefined): number => Date.parse(text ?? '') || 0;

/** When the old logins end, if that is still to come. */
export const previousEnd = ({ users }: Standing, now: number): Date | undefined =>
  until(users['previous-ends']) > now ? new Date(until(users['previous-ends'])) : undefined;

/** One line; what it says changes with each step. `before` is what `rotated` said when it was asked for. */
export const progressOf = (standing: Standing, before: string | undefined, now: number): string => {
  const { users, elastic, certificate, kibana, authority } = standing;
  const end = previousEnd(standing, now)?.toISOString();
  const programs =
    users['phase'] !== undefined
      ? (phases[users['phase']] ?? users['phase'])
      : users['rotate'] !== undefined
        ? end === undefined
          ? 'asked for; the credentials Deployment looks every half minute'
          : `asked for; it begins when the logins of the last rotation end, at ${end} (REVOKE=1 ends them now)`
        : users['rotated'] === before
          ? 'nothing was asked for'
          : end === undefined
            ? 'programs have new logins; the old ones are not accepted any more'
            : `programs have new logins; the old ones are accepted until ${end}`;
  return [
    programs,
    elastic?.['phase'] === undefined ? undefined : 'elastic: the new password waits for an answer of the cluster',
    certificate?.['rotate'] === undefined ? undefined : 'the certificate of the nodes is asked for',
    kibana?.['rotate'] === undefined ? undefined : 'the certificate of Kibana is asked for',
    authority?.['rotate'] === undefined ? undefined : 'a new authority is asked for',
  ]
    .filter((part) => part !== undefined)
    .join(' · ');
};

const onlyUsersAreLeft = ({ elastic, certificate, kibana, authority }: Standing): boolean =>
  elastic?.['phase'] === undefined &&
  certificate?.['rotate'] === undefined &&
  kibana?.['rotate'] === undefined &&
  authority?.['rotate'] === undefined;

/** Everything but the end of the old logins. */
export const isHandedOut = (standing: Standing, before: string | undefined): boolean =>
  !underWay(standing) && standing.users['rotated'] !== before && onlyUsersAreLeft(standing);

/** When what is left begins, where nothing is left but new logins that wait for the last ones to end. */
export const beginsLater = (standing: Standing, now: number): Date | undefined =>
  isWaiting(standing) && onlyUsersAreLeft(standing) ? previousEnd(standing, now) : undefined;

const isDeployment = (object: KubernetesObject): object is KubernetesObject & IDeployment =>
  object.kind === 'Deployment';

const isUsers = (secret: string | undefined): boolean => secret?.startsWith('elasticsearch-user-') === true;

/** Deployments that take a login from environment variables, which a container gets at its start only. */
export const readersAtStart = (objects: readonly KubernetesObject[]): string[] =>
  objects
    .filter(isDeployment)
    .filter(({ spec }) =>
      [...(spec?.template.spec?.initContainers ?? []), ...(spec?.template.spec?.containers ?? [])].some(
        ({ env = [], envFrom = [] }) =>
          env.some(({ valueFrom }) => isUsers(valueFrom?.secretKeyRef?.name)) ||
          envFrom.some(({ secretRef }) => isUsers(secretRef?.name)),
      ),
    )
    .map(({ metadata }) => metadata.name);
