// Would a StatefulSet that is made anew take its pods over as they are? The API server is asked, which fills in what
// manifests leave out: nothing is stored.
import { isDeepStrictEqual } from 'node:util';
import type { IControllerRevision, IStatefulSet } from 'kubernetes-models/apps/v1';
import type { IPod } from 'kubernetes-models/v1';
import { UserError } from '../cli.ts';
import { isRecord } from '../shape.ts';
import { fieldManager } from './apply.ts';
import { getJson, kubectl, type List } from './kubectl.ts';

/** The manifest as JSON, its numbers read as Kubernetes reads them: an octal mode is one. */
const asJson = async (document: string): Promise<IStatefulSet> => {
  const done = await kubectl(['create', '--dry-run=client', '--validate=false', '-o', 'json', '-f', '-'], {
    input: document,
  });
  if (done.code !== 0) throw new UserError(`the StatefulSet of the overlay can't be read:\n${done.stderr.trim()}`);
  return JSON.parse(done.stdout) as IStatefulSet;
};

/** As it would be after an apply. */
const asApplied = async (manifest: IStatefulSet): Promise<IStatefulSet> => {
  const args = [
    'apply',
    '--server-side',
    '--dry-run=server',
    `--field-manager=${fieldManager}`,
    '-o',
    'json',
    '-f',
    '-',
  ];
  const done = await kubectl(args, { input: JSON.stringify(manifest) });
  if (done.code !== 0)
    throw new UserError(`the API server would not take the StatefulSet of the overlay:\n${done.stderr.trim()}`);
  return JSON.parse(done.stdout) as IStatefulSet;
};

/** Without what is written as nothing by one version of Kubernetes, and left out by another. */
const withoutNulls = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, one]) =>
      one === null || key === '$patch' ? [] : [[key, withoutNulls(one)] as const],
    ),
  );
};

/** The first few places in which they differ. */
export const differences = (a: unknown, b: unknown, at = ''): readonly string[] => {
  if (isDeepStrictEqual(a, b)) return [];
  if (Array.isArray(a) && Array.isArray(b) && a.length === b.length)
    return a.flatMap((one, i) => differences(one, b[i], `${at}[${i}]`));
  if (!isRecord(a) || !isRecord(b)) return [at === '' ? 'all' : at];
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].flatMap((key) =>
    differences(a[key], b[key], at === '' ? key : `${at}.${key}`),
  );
};

const revisionLabel = 'controller-revision-hash';

/** The template that the pods were made from, where the StatefulSet itself is gone. */
const templateOfPods = async (namespace: string, pods: readonly IPod[]): Promise<unknown> => {
  const names = [...new Set(pods.map(({ metadata }) => metadata?.labels?.[revisionLabel]))];
  const [name] = names;
  if (names.length !== 1 || name === undefined)
    throw new UserError('the pods are of more than one version of the StatefulSet, which is gone: run `make deploy`');
  const { items } = await getJson<List<IControllerRevision>>(['-n', namespace, 'controllerrevisions']);
  const revision = items.find(({ metadata }) => metadata?.name === name);
  const spec = isRecord(revision?.data) ? revision.data['spec'] : undefined;
  if (!isRecord(spec)) throw new UserError(`there is no ControllerRevision ${name}, by which the pods were made`);
  return spec['template'];
};

/** What the overlay would change in the pods; nothing where it leaves them as they are. */
export const changesOfPods = async (
  document: string,
  namespace: string,
  live: IStatefulSet | undefined,
  pods: readonly IPod[],
): Promise<string[]> => {
  const manifest = await asJson(document);
  if (live === undefined) {
    const { spec } = await asApplied(manifest);
    return [
      ...differences(withoutNulls(spec?.template), withoutNulls(await templateOfPods(namespace, pods)), 'template'),
    ];
  }
  // With the claim templates of the cluster, since others are refused as long as it stands.
  const spec = { ...manifest.spec, volumeClaimTemplates: live.spec?.volumeClaimTemplates } as IStatefulSet['spec'];
  const applied = await asApplied({ ...manifest, ...(spec === undefined ? {} : { spec }) });
  return [
    ...differences(withoutNulls(applied.spec?.template), withoutNulls(live.spec?.template), 'template'),
    ...differences(applied.spec?.replicas, live.spec?.replicas, 'replicas'),
  ];
};
