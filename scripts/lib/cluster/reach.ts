// How a person reaches the cluster that has just turned green.
import type { KubernetesObject } from '../objects.ts';
import type { Target } from './target.ts';

const secretKey = (namespace: string, secret: string, key: string): string =>
  `kubectl -n ${namespace} get secret ${secret} -o go-template='{{index .data "${key}" | base64decode}}'`;

export const reachHints = (objects: readonly KubernetesObject[], { namespace }: Target): string => {
  const kibana = objects.some(({ kind, metadata }) => kind === 'Service' && metadata.name === 'kibana');
  const host = `elasticsearch.${namespace}.svc`;
  return [
    '',
    'Green. From another terminal:',
    `  kubectl -n ${namespace} port-forward service/elasticsearch 9200`,
    `  ${secretKey(namespace, 'elasticsearch-tls', 'ca.crt')} > ca.crt`,
    `  curl --cacert ca.crt --connect-to ${host}:9200:localhost:9200 -u elastic https://${host}:9200`,
    'The password of user elastic:',
    `  ${secretKey(namespace, 'elasticsearch-user-elastic', 'password')}`,
    ...(kibana
      ? [
          'Kibana, with the same user, at https://localhost:5601:',
          `  kubectl -n ${namespace} port-forward service/kibana 5601`,
        ]
      : []),
    '',
  ].join('\n');
};
