// The function without a container engine. An image named under `container:` wins even with --enable-exec, so the exec
// form renders a temporary copy of the Kustomizations, in which every config of the function names the bundle instead.
// The copy covers overlays that a user adds, and patches of theirs that name another image.
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { dump, loadAll } from 'js-yaml';
import type { KubernetesObject } from './objects.ts';

export const functionAnnotation = 'config.kubernetes.io/function';
export const functionKind = 'ElasticsearchTopology';

const namesFunction = (document: unknown): document is KubernetesObject => {
  const object = document as Partial<KubernetesObject> | null | undefined;
  return object?.kind === functionKind && object.metadata?.annotations?.[functionAnnotation] !== undefined;
};

/** A file's text with the bundle in place of the image; undefined where the file configures no function. */
export const withExec = (text: string, bundle: string, node: string): string | undefined => {
  if (!text.includes(functionKind)) return undefined;
  const documents = loadAll(text);
  if (!documents.some(namesFunction)) return undefined;
  // The config never reaches the output, so it may be written anew; all strings are quoted, so none changes its type.
  const annotation = dump({ exec: { path: node, args: [bundle] } }, { forceQuotes: true });
  return documents
    .map((document) =>
      namesFunction(document)
        ? {
            ...document,
            metadata: {
              ...document.metadata,
              annotations: { ...document.metadata.annotations, [functionAnnotation]: annotation },
            },
          }
        : document,
    )
    .map((document) => dump(document, { forceQuotes: true }))
    .join('---\n');
};

/** What a kustomization may refer to: everything that the render needs, and no more. */
const parts = (folder: string): string[] =>
  [...new Set(['base', 'components', 'overlays', dirname(folder)])].filter(
    (part, _, all) => part !== '.' && !all.some((other) => other !== part && part.startsWith(`${other}/`)),
  );

/** Calls `use` with a copy of the Kustomizations that runs the function as a process, and removes the copy. */
export const withExecCopy = async <Result>(
  root: string,
  folder: string,
  bundle: string,
  use: (copy: string) => Promise<Result>,
): Promise<Result> => {
  const copy = mkdtempSync(join(tmpdir(), 'delivery-reviews-'));
  try {
    for (const part of parts(folder)) cpSync(join(root, part), join(copy, part), { recursive: true });
    for (const entry of readdirSync(copy, { recursive: true, encoding: 'utf8' })) {
      if (!/\.(ya?ml|json)$/.test(entry)) continue;
      const replaced = withExec(readFileSync(join(copy, entry), 'utf8'), bundle, process.execPath);
      if (replaced !== undefined) writeFileSync(join(copy, entry), replaced);
    }
    return await use(copy);
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
};
