// A cluster of the version before, whose pods decide in bash and have no agent.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import { dump, load as parse } from 'js-yaml';
import type { IStatefulSet } from 'kubernetes-models/apps/v1';
import type { IContainer } from 'kubernetes-models/v1';
import {
  documentsOf,
  isElasticsearch,
  isStatefulSet,
  type KubernetesObject,
  parseManifests,
} from '../../../scripts/lib/objects.ts';
import { root } from '../../../scripts/lib/paths.ts';
import { applyText, applyVariant, statefulSet, untilGreen } from '../harness/cluster.ts';
import { health } from '../harness/es.ts';
import { elasticsearchPods, type Pod } from '../harness/kube.ts';
import { baseLifecycle, renderVariant, type Variant } from '../harness/render.ts';
import type { Bed } from '../harness/scenario.ts';
import { until } from '../harness/until.ts';

/** The node that is rolled first. */
export const newest = 'elasticsearch-2';
/** The name of the ConfigMap of its scripts. */
export const scripts = 'elasticsearch-lifecycle-previous';

/** The old scripts, with today's for the keystore, which had nothing to do with any of this. */
const scriptsOf = (namespace: string): object => {
  const text = readFileSync(join(root, 'test/cluster/previous/lifecycle.yaml'), 'utf8');
  const { data, ...rest } = parse(text) as { readonly data: Readonly<Record<string, string>> };
  const all = { ...data, 'keystore.sh': baseLifecycle('keystore.sh') };
  return { ...rest, metadata: { name: scripts, namespace }, data: all };
};

type Mount = NonNullable<IContainer['volumeMounts']>[number];
const mount = (name: string, mountPath: string): Mount => ({ name, mountPath, readOnly: true });

const named = (containers: readonly IContainer[] | undefined, name: string): IContainer => {
  const found = containers?.find((container) => container.name === name);
  if (found === undefined) throw new Error(`the StatefulSet has no container ${name} any more`);
  return found;
};

/** What the agent is told was told to the containers that did its work: the waits to one, all else to the other. */
const previousSet = (set: KubernetesObject & IStatefulSet): object => {
  const pod = set.spec?.template.spec;
  const agent = named(pod?.initContainers, 'agent');
  const server = named(pod?.containers, 'elasticsearch');
  const isWait = ({ name }: { readonly name: string }): boolean => name.endsWith('_SECONDS');
  const prepare: IContainer = {
    ...named(pod?.initContainers, 'prepare'),
    env: agent.env?.filter((variable) => !isWait(variable)) ?? [],
    volumeMounts: [
      { name: 'config', mountPath: '/prepared' },
      mount('settings', '/opt/elasticsearch-config'),
      mount('lifecycle', '/opt/elasticsearch-lifecycle'),
      mount('membership', '/opt/elasticsearch-membership'),
      mount('formed', '/opt/elasticsearch-formed'),
      { name: 'data', mountPath: '/usr/share/elasticsearch/data' },
    ],
  };
  const elasticsearch: IContainer = {
    ...server,
    env: [...(server.env?.filter((variable) => !isWait(variable)) ?? []), ...(agent.env?.filter(isWait) ?? [])],
    volumeMounts: [
      ...(server.volumeMounts?.filter(({ name }) => name !== 'agent') ?? []),
      mount('operations', '/opt/elasticsearch-operations'),
      mount('formed', '/opt/elasticsearch-formed'),
    ],
  };
  const volumes = pod?.volumes?.filter(({ name }) => !['agent', 'program', 'api', 'authority'].includes(name)) ?? [];
  return {
    ...set,
    spec: {
      ...set.spec,
      template: {
        ...set.spec?.template,
        spec: {
          ...pod,
          automountServiceAccountToken: true,
          initContainers: [prepare, named(pod?.initContainers, 'node-keystore')],
          containers: [elasticsearch],
          volumes: volumes.map((volume) =>
            volume.name === 'lifecycle' ? { name: 'lifecycle', configMap: { name: scripts } } : volume,
          ),
        },
      },
    },
  };
};

export const deployPrevious = async ({ namespace, variant }: Bed): Promise<number> => {
  const { text } = await renderVariant(variant);
  const documents = documentsOf(text).map((document) => {
    const [object] = parseManifests(document);
    return object !== undefined && isStatefulSet(object) && isElasticsearch(object)
      ? dump(previousSet(object))
      : document;
  });
  // The namespace first.
  await applyText(documents.join('\n---\n'));
  await applyText(JSON.stringify(scriptsOf(namespace)));
  return untilGreen(variant, 420);
};

export const hasAgent = ({ raw }: Pod): boolean =>
  raw.spec?.initContainers?.some(({ name }) => name === 'agent') ?? false;

/** Which pods have an agent, once all are ready and the cluster is green: untilGreen() waits for the whole roll-out. */
export const untilSettled = (
  namespace: string,
  what: string,
  isIt: (pods: readonly Pod[]) => boolean,
): Promise<boolean[]> =>
  until(what, { seconds: 420, every: 2 }, async () => {
    const pods = await elasticsearchPods(namespace);
    const settled = pods.length === 3 && pods.every(({ ready, leaving }) => ready && !leaving) && isIt(pods);
    return settled && (await health(namespace)).status === 'green' ? pods.map(hasAgent) : undefined;
  });

/** Only the pods from this ordinal on get the new template. */
const upTo = (variant: Variant, partition: number): Variant => ({
  ...variant,
  patches: [{ spec: { updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition } } } }],
});

/** Of three nodes only the newest has an agent. */
export const mix = async ({ namespace, variant }: Bed): Promise<void> => {
  await applyVariant(upTo(variant, 2));
  const one = await untilSettled(
    namespace,
    `${newest} alone with an agent`,
    ([, , last]) => last?.raw !== undefined && hasAgent(last),
  );
  expect(one).toEqual([false, false, true]);
  expect((await statefulSet(namespace))?.status?.updatedReplicas).toBe(1);
};
