// Which versions can follow which: https://www.elastic.co/docs/deploy-manage/upgrade#upgrade-paths
import { UserError } from '../cli.ts';
import { compare, isReleased, parseVersion, type Version } from '../image-version.ts';
import { acceptedFaults, faultsOf } from '../known-faults.ts';
import { no, notKnown, type Verdict, yes } from './verdict.ts';

/** The manifests need a readiness port that can be relied on, and a working directory as of 9.1. */
const oldest = '9.3.0';

/** The last minor version of a major one: from no other leads a way to the next. Of 9 it is not known yet. */
const lastMinor: Readonly<Record<number, number>> = { 7: 17, 8: 19 };

const text = ([major, minor, patch]: Version): string => `${major}.${minor}.${patch}`;

/** What somebody asks for; the tag of an image may say more, as "-arm64" does, but a version may not. */
export const targetIn = (said: string): Version => {
  const version = /^\d+\.\d+\.\d+(?:-(?:alpha|beta|rc)\d+)?$/.test(said) ? parseVersion(said) : undefined;
  if (version === undefined) throw new UserError(`TO must be a version such as 9.5.5, but is "${said}"`);
  return version;
};

export const PATH = 'the path is open';

const fromOne = (from: Version, to: Version): Verdict => {
  const step = `from ${text(from)} to ${text(to)}`;
  if (!isReleased(to)) return no(PATH, `${step}: a version before its release leads to no other one`);
  if (!isReleased(from)) return no(PATH, `${step}: no way leads on from a version before its release`);
  const difference = compare(to, from);
  if (difference < 0) return no(PATH, `${step} is a step back, and a node does not start on data of a newer version`);
  if (difference === 0) return no(PATH, `${text(from)} runs already`);
  if (to[0] === from[0])
    return yes(
      PATH,
      to[1] === from[1]
        ? `${step}: a patch`
        : `${step}: minor versions may be skipped, if ${text(to)} was released after ${text(from)}, ` +
            'which is not looked at',
    );
  if (to[0] > from[0] + 1) return no(PATH, `${step}: a major version may not be skipped`);
  const last = lastMinor[from[0]];
  if (last === undefined)
    return notKnown(PATH, `${step}: from which ${from[0]}.x a way leads to ${to[0]}.x is not known here`);
  return from[1] === last
    ? yes(PATH, `${step}: ${from[0]}.${last} is the last of its major version`)
    : no(PATH, `${step}: first to the last patch release of ${from[0]}.${last}`);
};

const order = ['no', 'not known', 'yes'] as const;

/** By the versions that nodes run; the worst answer counts. */
export const pathVerdict = (running: readonly string[], to: Version): Verdict => {
  const least = parseVersion(oldest);
  if (least !== undefined && compare(to, least) < 0)
    return no(PATH, `these manifests need Elasticsearch ${oldest} or newer`);
  const verdicts = [...new Set(running)].map((version) => {
    const from = parseVersion(version);
    return from === undefined ? notKnown(PATH, `"${version}" of a node is no version`) : fromOne(from, to);
  });
  return (
    verdicts.toSorted((a, b) => order.indexOf(a.says) - order.indexOf(b.says))[0] ??
    notKnown(PATH, 'no node says its version')
  );
};

const FAULTS = 'no known fault';

export const faultVerdict = (to: Version, accepted: readonly string[]): Verdict => {
  const found = faultsOf(to).filter(({ name }) => !accepted.includes(name));
  if (found.length === 0) return yes(FAULTS, 'none is in the table, which is as new as this checkout');
  return no(
    FAULTS,
    `${found.map(({ name, what, link, before }) => `${name}: ${what}; mended in ${before} (${link})`).join('. ')}. ` +
      `Whoever takes it all the same writes ${acceptedFaults} on the StatefulSet`,
  );
};

export const KIBANA = 'Kibana can follow';

/**
 * Kibana follows when the last node is up: an older one of the same major version works with newer nodes, and a newer
 * one with none that is older by a minor version. Of the nodes that run, the oldest counts.
 * https://www.elastic.co/docs/deploy-manage/upgrade/deployment-or-cluster/kibana
 */
export const kibanaVerdict = (
  images: readonly (string | undefined)[],
  running: readonly string[],
  to: Version,
): Verdict => {
  if (images.length === 0) return yes(KIBANA, 'there is none');
  const nodes = running.map(parseVersion);
  const kibanas = images.map((version) => (version === undefined ? undefined : parseVersion(version)));
  const [oldestNode] = nodes.filter((one) => one !== undefined).toSorted(compare);
  if (oldestNode === undefined || nodes.includes(undefined))
    return notKnown(KIBANA, 'the nodes do not say their versions');
  for (const kibana of kibanas) {
    if (kibana === undefined) return notKnown(KIBANA, 'the tag of its image is no version');
    if (kibana[0] !== oldestNode[0] || kibana[1] > oldestNode[1])
      return no(KIBANA, `${text(kibana)} does not work with nodes of ${text(oldestNode)}: make them the same first`);
    if (kibana[0] !== to[0] && kibana[1] !== lastMinor[kibana[0]])
      return no(KIBANA, `${text(kibana)} can not be followed by ${text(to)}: both go to the last ${kibana[0]}.x first`);
  }
  return yes(
    KIBANA,
    `${kibanas.flatMap((one) => (one === undefined ? [] : [text(one)])).join(', ')}; it becomes ${text(to)} too`,
  );
};
