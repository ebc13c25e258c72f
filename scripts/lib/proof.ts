// kustomize skips an exec function in silence where it is not allowed, and ignores a function's results. So each
// render is held against what the function leaves behind: an annotation with the numbers that it saw.
import { isElasticsearch, isStatefulSet, label, type KubernetesObject } from './objects.ts';

export const proofAnnotation = 'delivery-reviews.dev/topology';

/** What is wrong with a render; nothing, when the function ran with the final numbers. */
export const proofFindings = (objects: readonly KubernetesObject[]): string[] => {
  const statefulSets = objects.filter(isStatefulSet);
  const concerned = statefulSets.filter(
    (object) => isElasticsearch(object) || object.metadata.annotations?.[proofAnnotation] !== undefined,
  );
  if (concerned.length === 0)
    return ['the render holds no StatefulSet labelled app.kubernetes.io/name: elasticsearch'];
  return concerned.flatMap((object) => {
    const proof = object.metadata.annotations?.[proofAnnotation];
    const replicas = object.spec?.replicas ?? 1;
    if (proof === undefined)
      return [
        `the function did not run: ${label(object)} lacks the annotation ${proofAnnotation}. ` +
          'An overlay must list its topology folder under `transformers:`',
      ];
    const seen = /(?:^| )replicas=(\d+)(?: |$)/.exec(proof)?.[1];
    if (seen !== String(replicas))
      return [
        `the function saw other numbers than were rendered: ${label(object)} has \`spec.replicas\` ${replicas}, ` +
          `its annotation ${proofAnnotation} says "${proof}". List the topology folder under \`transformers:\` of the ` +
          'overlay that is rendered, not of a base or a component',
      ];
    return [];
  });
};
