// The function without a container engine. An image named under `container:` wins even with --enable-exec, so in the
// exec form every config of the function names the bundle instead: also one in an overlay that a user adds, and in a
// patch there that names another image.
import { dump, loadAll } from 'js-yaml';
import type { KubernetesObject } from '../objects.ts';

export const functionAnnotation = 'config.kubernetes.io/function';
const functionKind = 'ElasticsearchTopology';

const namesFunction = (document: unknown): document is KubernetesObject => {
  const object = document as Partial<KubernetesObject> | null | undefined;
  return object?.kind === functionKind && object.metadata?.annotations?.[functionAnnotation] !== undefined;
};

/** A file's text with the bundle in place of the image; the same text where the file configures no function. */
export const withExec = (text: string, bundle: string, node: string): string => {
  if (!text.includes(functionKind)) return text;
  const documents = loadAll(text);
  if (!documents.some(namesFunction)) return text;
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
