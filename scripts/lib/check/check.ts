// Does the cluster fit what is to be deployed? Asked before anything is applied.

import type { IStorageClass } from 'kubernetes-models/storage.k8s.io/v1';
import type { INode, IPod } from 'kubernetes-models/v1';
import { UserError } from '../cli.ts';
import { defaultClass } from '../cluster/diagnose.ts';
import { kubectl, serverVersion } from '../cluster/kubectl.ts';
import type { Target } from '../cluster/target.ts';
import type { KubernetesObject } from '../objects.ts';
import { applyFindings, environmentOf } from './belonging.ts';
import { downgradeFindings } from './downgrade.ts';
import { claimFindings, templateFindings } from './expansion.ts';
import { type Finding, isUsable, ok, warning } from './finding.ts';
import { listed } from './listed.ts';
import { existingNamespaces, lookAround } from './look-around.ts';
import { namedZoneFindings } from './named-zones.ts';
import { roomFindings } from './room.ts';
import { scaleFindings } from './scale.ts';
import { scopesOf } from './scope.ts';
import { standingOf } from './standing.ts';
import { minorOf } from './version.ts';
import { zoneLabel, zoneSourceFindings } from './zone-source.ts';

/** The oldest Kubernetes with native sidecars switched on, and ended after the other containers: the agent is one. */
export const minimumKubernetes = '1.29';

export const versionFinding = (version: string): Finding =>
  minorOf(version) >= minorOf(minimumKubernetes)
    ? ok(`Kubernetes ${version}`)
    : { level: 'error', message: `Kubernetes must be ${minimumKubernetes} or newer, but the API server is ${version}` };

export const nodesFindings = (nodes: readonly INode[], { statefulSet, replicas }: Target): Finding[] => {
  const usable = nodes.filter(isUsable);
  const constraints = (statefulSet.spec?.template.spec?.topologySpreadConstraints ?? []).filter(
    ({ whenUnsatisfiable }) => whenUnsatisfiable === 'DoNotSchedule',
  );
  const zones = new Set(usable.flatMap(({ metadata }) => metadata?.labels?.[zoneLabel] ?? []));
  const findings = [ok(`${usable.length} of ${nodes.length} nodes take pods`)];
  if (usable.length === 0) findings.push(warning('no node takes pods: pods will wait'));
  if (constraints.some(({ topologyKey }) => topologyKey === 'kubernetes.io/hostname') && usable.length < replicas)
    findings.push(
      warning(`${replicas} pods must be on different nodes, but ${usable.length} take pods: the others will wait`),
    );
  const needed = Math.min(replicas, constraints.find(({ topologyKey }) => topologyKey === zoneLabel)?.minDomains ?? 0);
  if (needed > 0)
    findings.push(
      zones.size >= needed
        ? ok(`${zones.size} zones: ${[...zones].sort().join(', ')}`)
        : warning(
            `${needed} zones are needed, but nodes that take pods name ${zones.size} in their label ${zoneLabel}: ` +
              'pods will wait',
          ),
    );
  return findings;
};

export const storageFinding = (classes: readonly IStorageClass[], { statefulSet }: Target): Finding => {
  const names = classes.map(({ metadata }) => metadata?.name ?? '?');
  const known = names.join(', ') || 'none';
  const wanted = (statefulSet.spec?.volumeClaimTemplates ?? [])[0]?.spec?.storageClassName;
  if (wanted !== undefined)
    return names.includes(wanted)
      ? ok(`storage class ${wanted}`)
      : warning(`the storage class "${wanted}" must exist, but there are: ${known}`);
  const byDefault = classes.find(({ metadata }) => metadata?.annotations?.[defaultClass] === 'true');
  return byDefault === undefined
    ? warning(
        `a default storage class is needed, but there is none (classes: ${known}); ` +
          `mark one with the annotation ${defaultClass}: "true"`,
      )
    : ok(`default storage class ${byDefault.metadata?.name ?? '?'}`);
};

/** Kinds that the API server does not know, such as those of an operator that a component needs. */
export const kindFindings = (objects: readonly KubernetesObject[], served: ReadonlySet<string>): Finding[] =>
  [...new Set(objects.map(({ apiVersion, kind }) => `${kind} (${apiVersion})`))]
    .filter((kind) => !served.has(kind))
    .map((kind) => ({
      level: 'error',
      message:
        `the API server must know the kind ${kind}, but does not: ` +
        'install its custom resource definition, or leave out the component',
    }));

/** Some of them may be served by another program, which may be away: what is left of the list would be misleading. */
const servedKinds = async (): Promise<{ readonly served: ReadonlySet<string> } | { readonly missing: Finding }> => {
  const answer = await kubectl(['api-resources', '--no-headers', '-o', 'wide'], { seconds: 60 });
  if (answer.code !== 0) {
    const why = answer.stderr.trim().split('\n').at(-1) ?? '';
    return { missing: warning(`the kinds that the API server knows could not be listed, and are not checked: ${why}`) };
  }
  return {
    served: new Set(
      answer.stdout.split('\n').flatMap((line) => {
        const match = /\s(\S+)\s+(?:true|false)\s+(\S+)\s/.exec(line);
        return match === null ? [] : [`${match[2]} (${match[1]})`];
      }),
    ),
  };
};

/** Whoever may not look at these objects may hardly apply them: unlike room, what can't be read is not passed over. */
const orError = async (look: () => Promise<Finding[]>): Promise<Finding[]> => {
  try {
    return await look();
  } catch (error) {
    if (error instanceof UserError) return [{ level: 'error', message: error.message }];
    throw error;
  }
};

const environmentFindings = async (objects: readonly KubernetesObject[], { namespace }: Target): Promise<Finding[]> => {
  const seen = await lookAround(objects, namespace, await scopesOf(objects));
  const namespaces = await existingNamespaces(
    seen.flatMap(({ rendered }) => environmentOf(rendered) ?? []).filter((name) => name !== namespace),
  );
  return applyFindings(seen, namespace, namespaces);
};

/** What a deploy would change of what runs already. */
const changeFindings = async (target: Target): Promise<Finding[]> => {
  const standing = await standingOf(target);
  return [
    ...scaleFindings(target.statefulSet, standing),
    ...downgradeFindings(target.statefulSet, standing),
    ...templateFindings(target.statefulSet, standing.statefulSet),
    ...claimFindings(target.statefulSet, standing.claims),
  ];
};

export const checkCluster = async (objects: readonly KubernetesObject[], target: Target): Promise<Finding[]> => {
  const version = await serverVersion();
  const [nodes, classes, pods, kinds] = await Promise.all([
    listed<INode>('nodes', ['nodes'], 'zones and room are'),
    listed<IStorageClass>('storage classes', ['storageclasses'], 'the class of the claims is'),
    listed<IPod>('pods of all namespaces', ['pods', '-A'], 'room is'),
    servedKinds(),
  ]);
  return [
    versionFinding(version),
    ...zoneSourceFindings(version, objects, target),
    ...('missing' in nodes
      ? [nodes.missing]
      : [...nodesFindings(nodes.items, target), ...namedZoneFindings(nodes.items, target)]),
    ...('missing' in classes ? [classes.missing] : [storageFinding(classes.items, target)]),
    ...('missing' in pods ? [pods.missing] : []),
    ...('missing' in nodes || 'missing' in pods ? [] : roomFindings(objects, nodes.items, pods.items)),
    ...('missing' in kinds ? [kinds.missing] : kindFindings(objects, kinds.served)),
    ...(await orError(() => environmentFindings(objects, target))),
    ...(await orError(() => changeFindings(target))),
  ];
};
