// Why something that is being deleted is still there.
import type { INamespace } from 'kubernetes-models/v1';
import { progress } from '../cli.ts';
import { type KubernetesObject, label } from '../objects.ts';
import { kubectl } from './kubectl.ts';

const TELL_SECONDS = 15;

const isNamespace = (object: KubernetesObject): object is KubernetesObject & INamespace => object.kind === 'Namespace';

/** What its controller says of the content that is left, and of what it could not ask for. */
const conditionsOf = ({ status }: INamespace): string[] =>
  (status?.conditions ?? [])
    .filter((condition) => condition.status === 'True')
    .flatMap(({ message }) => (message === undefined ? [] : [message]));

/** One line for each object that is being deleted and is not gone. */
const heldBy = (live: readonly KubernetesObject[]): string[] =>
  live
    .filter(({ metadata }) => metadata.deletionTimestamp !== undefined)
    .map((object) => {
      const finalizers = object.metadata.finalizers ?? [];
      const why = isNamespace(object) ? conditionsOf(object) : [];
      if (why.length > 0) return `${label(object)} is not gone: ${why.join('; ')}`;
      return finalizers.length > 0
        ? `${label(object)} is not gone: it waits for ${finalizers.join(', ')}`
        : `${label(object)} is not gone yet`;
    });

/** Of objects that may be gone; nothing, where nobody can be asked now. */
export const whatHolds = async (objects: readonly KubernetesObject[]): Promise<string[]> => {
  const input = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects });
  const args = ['get', '--ignore-not-found', '-o', 'json', '-f', '-'];
  const { code, stdout } = await kubectl(args, { input, seconds: 30 });
  if (code !== 0 || stdout.trim() === '') return [];
  const found = JSON.parse(stdout) as KubernetesObject & { readonly items?: readonly KubernetesObject[] };
  return heldBy(found.items ?? [found]);
};

/** Says what holds objects for as long as `work` takes, each line once. */
export const tellingWhatHolds = async <Result>(
  objects: readonly KubernetesObject[],
  work: Promise<Result>,
): Promise<Result> => {
  const said = new Set<string>();
  let over = false;
  const tell = async (): Promise<void> => {
    for (const line of await whatHolds(objects)) {
      // An answer may come when all is gone.
      if (over || said.has(line)) continue;
      progress(line);
      said.add(line);
    }
  };
  // What cannot be told is no reason to stop in the middle.
  const timer = setInterval(() => void tell().catch(() => undefined), TELL_SECONDS * 1000);
  return work.finally(() => {
    over = true;
    clearInterval(timer);
  });
};
