// Secrets that cannot be made again without consequences, as a file keeps them: logins that people and programs have,
// the authority that clients trust, keys with which something is encrypted. What follows from them is not kept.
import type { IRole } from 'kubernetes-models/rbac.authorization.k8s.io/v1';
import type { ISecret } from 'kubernetes-models/v1';
import { UserError } from '../cli.ts';
import type { KubernetesObject } from '../objects.ts';

export interface SavedSecret {
  readonly name: string;
  readonly type: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** In base64, as the API has them. */
  readonly data: Readonly<Record<string, string>>;
}

export interface SavedFile {
  readonly namespace: string;
  readonly at: string;
  readonly secrets: readonly SavedSecret[];
}

/** Of our own: by the checksum `credentials` knows what it has made, and goes on renewing it. */
const OUR_PREFIX = 'delivery-reviews.dev/';
/** The certificates are signed anew by the authority, and the users file follows from the logins. */
const FOLLOWS: ReadonlySet<string> = new Set(['elasticsearch-tls', 'kibana-tls', 'elasticsearch-users']);
/** A person's own: entries of the nodes' keystore. */
const KEYSTORE = 'elasticsearch-keystore';

/** The names, from the rights of `credentials`, which lists each Secret that it may make. */
export const namesToSave = (objects: readonly KubernetesObject[]): readonly string[] => {
  const role = objects.find(({ kind, metadata }) => kind === 'Role' && metadata.name === 'credentials');
  const rules = (role as (KubernetesObject & IRole) | undefined)?.rules ?? [];
  const names = rules.flatMap(({ resources = [], resourceNames = [] }) =>
    resources.includes('secrets') ? resourceNames : [],
  );
  if (names.length === 0) throw new UserError('the overlay must have Role credentials, which names the Secrets');
  return [...names.filter((name) => !FOLLOWS.has(name)), KEYSTORE].sort();
};

export interface Chosen {
  readonly save: readonly SavedSecret[];
  /** Not there, although `credentials` makes them: a file without them would not bring everything back. */
  readonly lost: readonly string[];
  /** Not there, and need not be. */
  readonly absent: readonly string[];
  /** Something else makes them, and would make them again. */
  readonly owned: readonly string[];
}

const saved = ({ metadata, type, data }: ISecret): SavedSecret => ({
  name: metadata?.name ?? '',
  type: type ?? 'Opaque',
  labels: { ...metadata?.labels },
  annotations: Object.fromEntries(
    Object.entries(metadata?.annotations ?? {}).filter(([name]) => name.startsWith(OUR_PREFIX)),
  ),
  data: { ...data },
});

export const chooseSecrets = (names: readonly string[], found: readonly ISecret[]): Chosen => {
  const byName = new Map(found.map((secret) => [secret.metadata?.name ?? '', secret]));
  const there = names.flatMap((name) => byName.get(name) ?? []);
  const isOwned = ({ metadata }: ISecret): boolean => (metadata?.ownerReferences ?? []).length > 0;
  return {
    save: there.filter((secret) => !isOwned(secret)).map(saved),
    lost: names.filter((name) => name !== KEYSTORE && !byName.has(name)),
    absent: byName.has(KEYSTORE) ? [] : [KEYSTORE],
    owned: there.filter(isOwned).map(({ metadata }) => metadata?.name ?? ''),
  };
};

const isTexts = (value: unknown): value is Readonly<Record<string, string>> =>
  typeof value === 'object' && value !== null && Object.values(value).every((one) => typeof one === 'string');

const isSaved = (value: unknown): value is SavedSecret =>
  typeof value === 'object' &&
  value !== null &&
  'name' in value &&
  typeof value.name === 'string' &&
  'type' in value &&
  typeof value.type === 'string' &&
  'labels' in value &&
  isTexts(value.labels) &&
  'annotations' in value &&
  isTexts(value.annotations) &&
  'data' in value &&
  isTexts(value.data);

/** Nothing of the text is in the message. */
export const parseSaved = (text: string): SavedFile => {
  const refused = new UserError('the file is not what save-secrets writes: nothing was restored');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw refused;
  }
  if (typeof value !== 'object' || value === null) throw refused;
  const { namespace, at, secrets } = { namespace: undefined, at: undefined, secrets: undefined, ...value };
  if (typeof namespace !== 'string' || typeof at !== 'string' || !Array.isArray(secrets)) throw refused;
  const list: unknown[] = secrets;
  if (list.length === 0 || !list.every(isSaved)) throw refused;
  return { namespace, at, secrets: list };
};

export interface Plan {
  readonly create: readonly SavedSecret[];
  readonly same: readonly string[];
  /** There, with other values. */
  readonly different: readonly SavedSecret[];
  /** Of no user or part of the overlay. */
  readonly foreign: readonly string[];
}

const pairs = (data: Readonly<Record<string, string>> = {}): string =>
  JSON.stringify(Object.entries(data).sort(([one], [other]) => (one < other ? -1 : 1)));

/** `names`: of the overlay. Whoever has the public key could have written any Secret into the file. */
export const planRestore = (
  secrets: readonly SavedSecret[],
  names: readonly string[],
  found: readonly ISecret[],
): Plan => {
  const there = new Map(found.map(({ metadata, data }) => [metadata?.name ?? '', pairs({ ...data })]));
  const is = (test: (data: string | undefined, secret: SavedSecret) => boolean): SavedSecret[] =>
    secrets.filter((secret) => names.includes(secret.name) && test(there.get(secret.name), secret));
  return {
    create: is((data) => data === undefined),
    same: is((data, secret) => data === pairs(secret.data)).map(({ name }) => name),
    different: is((data, secret) => data !== undefined && data !== pairs(secret.data)),
    foreign: secrets.map(({ name }) => name).filter((name) => !names.includes(name)),
  };
};

export const asObject = ({ name, type, labels, annotations, data }: SavedSecret, namespace: string): object => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name, namespace, labels, annotations },
  type,
  data,
});
