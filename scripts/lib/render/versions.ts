// Elasticsearch's image in several containers, and Kibana's beside it.
import type { IDeployment } from 'kubernetes-models/apps/v1';
import { compare, versionOf } from '../image-version.ts';
import { type KubernetesObject, label } from '../objects.ts';
import { type RenderFinding, refusal, warning } from './finding.ts';
import { allContainers, beside, type ElasticsearchSet, podSpecOf } from './parts.ts';

const repositoryOf = (image: string): string => image.replace(/@.*$/, '').replace(/:[^/:]*$/, '');

/** Init containers make the configuration from their image's files. */
const sameImage = (set: ElasticsearchSet): RenderFinding[] => {
  const spec = podSpecOf(set);
  const main = spec.containers.find(({ name }) => name === 'elasticsearch')?.image ?? '';
  return allContainers(spec)
    .filter(({ image = '' }) => repositoryOf(image) === repositoryOf(main) && image !== main)
    .map(({ name, image }) =>
      refusal(
        `container ${name} of ${label(set)} has image ${image ?? ''}, and elasticsearch has ${main}: one makes the ` +
          'configuration that the other reads. Name the version under `images:`, which changes all',
      ),
    );
};

/**
 * A Kibana that is newer, or of another major version, does not work with the cluster; an older one of the same does:
 * https://www.elastic.co/docs/deploy-manage/upgrade/deployment-or-cluster/kibana
 */
const kibana = (set: ElasticsearchSet, objects: readonly KubernetesObject[]): RenderFinding[] => {
  const image = podSpecOf(set).containers.find(({ name }) => name === 'elasticsearch')?.image ?? '';
  return beside(set, objects, 'Deployment')
    .filter(({ metadata }) => metadata.labels?.['app.kubernetes.io/name'] === 'kibana')
    .flatMap((object) => {
      const deployment = object as KubernetesObject & IDeployment;
      const other = deployment.spec?.template.spec?.containers.find(({ name }) => name === 'kibana')?.image ?? '';
      const [ours, theirs] = [versionOf(image), versionOf(other)];
      if (ours === undefined || theirs === undefined || compare(ours, theirs) === 0) return [];
      const both = `${label(object)} has image ${other}, and Elasticsearch has ${image}`;
      return compare(theirs, ours) < 0 && theirs[0] === ours[0]
        ? [warning(`${both}: name the same version for both under \`images:\``)]
        : [refusal(`${both}, with which it does not work: name the same version for both under \`images:\``)];
    });
};

export const versionFindings = (set: ElasticsearchSet, objects: readonly KubernetesObject[]): RenderFinding[] => [
  ...sameImage(set),
  ...kibana(set, objects),
];
