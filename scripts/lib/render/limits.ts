// What a render must keep to although kustomize and Kubernetes take anything else: limits that the documents name, and
// parts that must agree.
import type { KubernetesObject } from '../objects.ts';
import { certificateFindings } from './certificates.ts';
import { fileFindings } from './files.ts';
import type { RenderFinding } from './finding.ts';
import { knownFaultFindings } from './known-faults.ts';
import { podFindings } from './pods.ts';
import { concernedSets } from './proof.ts';
import { rightsFindings } from './rights.ts';
import { versionFindings } from './versions.ts';

export const limitFindings = (objects: readonly KubernetesObject[]): RenderFinding[] =>
  concernedSets(objects).flatMap((set) => [
    ...rightsFindings(set, objects),
    ...podFindings(set),
    ...fileFindings(set, objects),
    ...certificateFindings(set, objects),
    ...versionFindings(set, objects),
    ...knownFaultFindings(set),
  ]);
