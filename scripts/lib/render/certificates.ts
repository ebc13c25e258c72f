// Certificates that cert-manager makes, against the names by which nodes call each other.
import { type KubernetesObject, label } from '../objects.ts';
import { type RenderFinding, refusal } from './finding.ts';
import { beside, type ElasticsearchSet, podSpecOf, seedHostsOf } from './parts.ts';

type Certificate = KubernetesObject & {
  readonly spec?: { readonly secretName?: string; readonly dnsNames?: readonly string[] };
};

/** As TLS has it: a star stands for one label. */
const covers = (pattern: string, name: string): boolean =>
  pattern === name || (pattern.startsWith('*.') && name.replace(/^[^.]+/, '*') === pattern);

export const certificateFindings = (set: ElasticsearchSet, objects: readonly KubernetesObject[]): RenderFinding[] => {
  const mounted = new Set((podSpecOf(set).volumes ?? []).map(({ secret }) => secret?.secretName));
  const { hosts = [] } = seedHostsOf(set, objects) ?? {};
  return beside(set, objects, 'Certificate')
    .filter(({ apiVersion }) => apiVersion.startsWith('cert-manager.io/'))
    .flatMap((certificate): RenderFinding[] => {
      const { spec } = certificate as Certificate;
      const names = spec?.dnsNames ?? [];
      const placeholder = names.find((name) => name.includes('NAMESPACE'));
      if (placeholder !== undefined)
        return [
          refusal(
            `${label(certificate)} names ${placeholder}: list components/cert-manager/names under \`transformers:\` ` +
              'of the overlay',
          ),
        ];
      const host = hosts.find((name) => !names.some((pattern) => covers(pattern, name)));
      if (host === undefined || !mounted.has(spec?.secretName)) return [];
      return [
        refusal(
          `${label(certificate)} does not name the seed host ${host}, so nodes would refuse each other. Its dnsNames ` +
            'must end in the cluster’s domain, as clusterDomain of the function’s config says it: ' +
            'see components/cert-manager/README.md',
        ),
      ];
    });
};
