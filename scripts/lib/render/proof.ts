// kustomize skips an exec function in silence where it is not allowed, and ignores a function's results. So each
// render is held against what the function leaves behind: an annotation with the numbers that it saw. kpt leaves the
// same annotation in the base; a render must not take that one for its own.
import { isElasticsearch, isStatefulSet, type KubernetesObject, label } from '../objects.ts';

const proofAnnotation = 'delivery-reviews.dev/topology';

/** A file's text in which the proof of an earlier run proves nothing. */
export const withoutProof = (text: string): string =>
  text.replace(/^(\s*["']?delivery-reviews\.dev\/topology["']?:) .*$/gm, '$1 not-run');

/** What is wrong with a render; nothing, when the function ran with the final numbers. */
export const proofFindings = (objects: readonly KubernetesObject[]): string[] => {
  const statefulSets = objects.filter(isStatefulSet);
  const concerned = statefulSets.filter(
    (object) => isElasticsearch(object) || object.metadata.annotations?.[proofAnnotation] !== undefined,
  );
  if (concerned.length === 0) return ['the render holds no StatefulSet labelled app.kubernetes.io/name: elasticsearch'];
  return concerned.flatMap((object) => {
    const proof = object.metadata.annotations?.[proofAnnotation];
    const replicas = object.spec?.replicas ?? 1;
    const seen = /(?:^| )replicas=(\d+)(?: |$)/.exec(proof ?? '')?.[1];
    if (seen === undefined)
      return [
        `the function did not run: it left no annotation ${proofAnnotation} on ${label(object)}. ` +
          'An overlay must list its topology folder under `transformers:`',
      ];
    if (seen !== String(replicas))
      return [
        `the function saw other numbers than were rendered: ${label(object)} has \`spec.replicas\` ${replicas}, ` +
          `its annotation ${proofAnnotation} says "${proof ?? ''}". List the topology folder under ` +
          '`transformers:` of the overlay that is rendered, not of a base or a component',
      ];
    return [];
  });
};
