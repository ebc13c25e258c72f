// Does a render name a version of Elasticsearch that is known to be faulty?
import { versionOf } from '../image-version.ts';
import { acceptedFaults, acceptedIn, faults, faultsOf, faultText } from '../known-faults.ts';
import { label } from '../objects.ts';
import { type RenderFinding, refusal } from './finding.ts';
import { type ElasticsearchSet, podSpecOf } from './parts.ts';

export const knownFaultFindings = (set: ElasticsearchSet): RenderFinding[] => {
  const image = podSpecOf(set).containers.find(({ name }) => name === 'elasticsearch')?.image ?? '';
  const version = versionOf(image);
  const accepted = acceptedIn(set.metadata.annotations);
  const found = version === undefined ? [] : faultsOf(version);
  const open = found.filter(({ name, refused }) => refused && !accepted.includes(name));
  const unknown = accepted.filter((name) => !faults.some((fault) => fault.name === name));
  return [
    ...open.map((fault) => refusal(`${image} of ${label(set)}: ${faultText(fault)}`)),
    ...unknown.map((name) =>
      refusal(
        `${label(set)} accepts the fault ${name} (${acceptedFaults}), and there is none of that name: ` +
          `known are ${faults.map((fault) => fault.name).join(', ')}`,
      ),
    ),
  ];
};
