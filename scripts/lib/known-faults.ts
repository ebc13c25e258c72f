// Versions that nobody should run, or not without knowing why: what they do wrong, and where that is written.
// Rendering, `make doctor` and `make upgrade-check` go by this one table. Taken from Elasticsearch's own release notes
// and known issues, as far as this project could meet the fault:
// https://www.elastic.co/docs/release-notes/elasticsearch/known-issues
// Not here: what 9.0.0 changed for good (Lucene 10 stems German in another way than 8.x did), since no version takes
// it back; what its own known issues name (Windows, Active Directory, Watcher), which nothing here has; and false
// matches of 9.5.0 and 9.5.1 on fields that are not indexed, of which the reviews have none.
import { compare, parseVersion, type Version } from './image-version.ts';

export interface Fault {
  /** The word by which an overlay accepts it. */
  readonly name: string;
  /** The first version that has it, and the first that has it no more. */
  readonly from: string;
  readonly before: string;
  readonly what: string;
  readonly link: string;
  /** Data or the start of a node is at stake: not rendered until it is accepted. Any other is only told. */
  readonly refused: boolean;
}

export const faults: readonly Fault[] = [
  {
    name: 'bulk-diverges',
    from: '9.5.0',
    before: '9.5.3',
    what:
      'a bulk request that is rejected for indexing pressure may leave documents on the primary that its copies ' +
      'never get',
    link: 'https://github.com/elastic/elasticsearch/issues/158212',
    refused: true,
  },
  {
    name: 'shutdown-record-unread',
    from: '9.2.4',
    before: '9.2.5',
    what: 'a node may not start on the metadata that 9.1.10 has written',
    link: 'https://www.elastic.co/docs/release-notes/elasticsearch/known-issues#elasticsearch-9.2.4-known-issues',
    refused: true,
  },
  {
    name: 'gcs-default-credentials',
    from: '9.3.3',
    before: '9.3.4',
    what: "snapshots to Google's storage fail where the login is the workload's own",
    link: 'https://github.com/elastic/elasticsearch/pull/145626',
    refused: false,
  },
  {
    name: 'gcs-default-credentials-9.2',
    from: '9.2.8',
    before: '9.2.9',
    what: "snapshots to Google's storage fail where the login is the workload's own",
    link: 'https://www.elastic.co/docs/release-notes/elasticsearch/known-issues#elasticsearch-9.2.8-known-issues',
    refused: false,
  },
  {
    name: 'security-9.5.5',
    from: '9.5.0',
    before: '9.5.5',
    what: '9.5.5 mends what may be security faults, of which Elastic says no more than that',
    link: 'https://www.elastic.co/docs/release-notes/elasticsearch#elasticsearch-9.5.5-release-notes',
    refused: false,
  },
];

const known = (text: string): Version => {
  const version = parseVersion(text);
  if (version === undefined) throw new Error(`${text} in the table of known faults is no version`);
  return version;
};

export const faultsOf = (version: Version): readonly Fault[] =>
  faults.filter(({ from, before }) => compare(version, known(from)) >= 0 && compare(version, known(before)) < 0);

/** On the StatefulSet: names, with commas. */
export const acceptedFaults = 'delivery-reviews.dev/accepted-faults';

export const acceptedIn = (annotations: Readonly<Record<string, string>> | undefined): readonly string[] =>
  (annotations?.[acceptedFaults] ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');

/** What it is, where it is written, and the way out. */
export const faultText = ({ name, before, what, link }: Fault): string =>
  `${what} (${link}). Take ${before} or newer, or accept it: annotation ${acceptedFaults}: ${name} on the StatefulSet`;
