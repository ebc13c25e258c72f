// Known faults of the version that an overlay names, and of those that run, for whoever asks how the cluster is. A
// deploy does not say them: what puts data at stake is not rendered in the first place, and a warning at each deploy of
// a version that one may well run would only teach people to read over warnings.
import type { IStatefulSet } from 'kubernetes-models/apps/v1';
import type { IPod } from 'kubernetes-models/v1';
import { versionOf } from '../image-version.ts';
import { acceptedIn, faultsOf, faultText } from '../known-faults.ts';
import { podOrdinal } from './claims.ts';
import { type Finding, warning } from './finding.ts';
import type { Standing } from './standing.ts';

const imageIn = (spec: IPod['spec']): string[] =>
  spec?.containers.flatMap(({ name, image }) => (name === 'elasticsearch' && image !== undefined ? [image] : [])) ?? [];

const toldOf = (image: string, accepted: readonly string[], whose: string): Finding[] => {
  const version = versionOf(image);
  if (version === undefined) return [];
  return faultsOf(version)
    .filter(({ name }) => !accepted.includes(name))
    .map((fault) => warning(`${whose} ${image}: ${faultText(fault)}`));
};

/** Of what runs only what the overlay does not name itself. */
export const faultFindings = (rendered: IStatefulSet, { pods }: Pick<Standing, 'pods'>): Finding[] => {
  const accepted = acceptedIn(rendered.metadata?.annotations);
  const wanted = imageIn(rendered.spec?.template.spec);
  const nodes = pods.filter((pod) => podOrdinal(pod, rendered.metadata?.name ?? '') !== undefined);
  const running = new Set(nodes.flatMap(({ spec }) => imageIn(spec)).filter((image) => !wanted.includes(image)));
  return [
    ...wanted.flatMap((image) => toldOf(image, accepted, 'the overlay names')),
    ...[...running].flatMap((image) => toldOf(image, accepted, 'nodes run')),
  ];
};
