// The lists that are measured: one like the prod overlay's, and long ones of which two items concern the function.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { committedManifests } from '../../scripts/lib/render/committed.ts';

const example = readFileSync(
  join(__dirname, '../../functions/elasticsearch-topology/examples/three-nodes-wait-for-three-zones/input.yaml'),
  'utf8',
);
const [head = '', ...rest] = example.split(/^(?=- |functionConfig)/m);
const tail = rest.pop() ?? '';

/** A list of so many resources: a cluster in their middle, the rest of 780 bytes each and of no concern. */
export function longList(resources: number): string {
  const others = Array.from({ length: resources - rest.length }, (_, i) => bystander(i));
  const middle = others.length >> 1;
  return head + [...others.slice(0, middle), ...rest, ...others.slice(middle)].join('') + tail;
}

const bystander = (i: number): string => `- apiVersion: apps/v1
  kind: Deployment
  metadata:
    annotations:
      config.kubernetes.io/index: '${i}'
      internal.config.kubernetes.io/index: '${i}'
      config.kubernetes.io/path: 'deployments/app-${i}.yaml'
      internal.config.kubernetes.io/path: 'deployments/app-${i}.yaml'
    labels:
      app.kubernetes.io/name: app-${i} # one of many
    name: app-${i}
    namespace: apps
  spec:
    replicas: ${i % 7}
    selector:
      matchLabels:
        app.kubernetes.io/name: app-${i}
    template:
      metadata:
        labels:
          app.kubernetes.io/name: app-${i}
      spec:
        containers:
        - env:
          - name: MODE
            value: "0644"
          image: registry.example.com/app:1.${i}
          name: app
`;

/** The committed manifests of prod as the list that kustomize gives to the function, with its work still to be done. */
export function prodList(): string {
  const items = committedManifests('prod')
    .split(/^---\n/m)
    .map((document) => document.replace(/^(?=.)/gm, '  ').replace(/^  /, '- '));
  const undone = items
    .join('')
    .replace(/^ +delivery-reviews\.dev\/topology: .*\n/m, '')
    .replace(/(name: HEAP_SIZE\n +value:) .*/, '$1 ""')
    .replace(/^( +elasticsearch-\d+\.elasticsearch-nodes)\..*/gm, '$1');
  // As base/topology has it.
  return `${head}${undone}${tail}  spec:\n    prepareContainer: agent\n`;
}
