// Which version can follow which, and which nobody should take.
import { describe, expect, test } from '@jest/globals';
import { faultFindings } from '../../../scripts/lib/check/known-faults.ts';
import { compare, parseVersion, type Version } from '../../../scripts/lib/image-version.ts';
import { acceptedFaults, acceptedIn, faults, faultsOf } from '../../../scripts/lib/known-faults.ts';
import { faultVerdict, kibanaVerdict, pathVerdict, targetIn } from '../../../scripts/lib/questions/upgrade-path.ts';
import { knownFaultFindings } from '../../../scripts/lib/render/known-faults.ts';
import type { ElasticsearchSet } from '../../../scripts/lib/render/parts.ts';
import { image, pod, set } from '../support/standing.ts';

const version = (text: string): Version => {
  const found = parseVersion(text);
  if (found === undefined) throw new Error(text);
  return found;
};

test.each(['', '9.5', 'v9.5.5', '9.5.5-SNAPSHOT', '9.5.5+x', '9.5.5 ', '9.5.5\n', 'latest', '9.5.5;id'])(
  '%j is not to be upgraded to',
  (said) => expect(() => targetIn(said)).toThrow('TO must be a version'),
);

describe('the path', () => {
  const path = (from: string | readonly string[], to: string) =>
    pathVerdict(typeof from === 'string' ? [from] : from, version(to));

  test.each<[string | readonly string[], string, string, RegExp]>([
    ['9.5.3', '9.5.5', 'yes', /a patch/],
    ['9.3.1', '9.6.0', 'yes', /may be skipped, if 9\.6\.0 was released after 9\.3\.1, which is not looked at/],
    ['9.5.3', '9.5.3', 'no', /runs already/],
    ['9.5.4', '9.5.3', 'no', /a step back/],
    ['9.10.0', '9.9.9', 'no', /a step back/],
    ['8.19.4', '9.5.3', 'yes', /the last of its major version/],
    ['8.18.8', '9.5.3', 'no', /first to the last patch release of 8\.19/],
    ['7.17.29', '9.5.3', 'no', /a major version may not be skipped/],
    ['9.5.3', '10.0.0', 'not known', /not known here/],
    ['9.5.3', '9.6.0-rc1', 'no', /before its release/],
    ['9.6.0-rc1', '9.6.0', 'no', /before its release/],
    ['9.2.0', '9.2.9', 'no', /need Elasticsearch 9\.3\.0 or newer/],
    [['9.5.3', '9.5.4'], '9.5.4', 'no', /runs already/],
    [['9.5.3', '9.5.6'], '9.5.5', 'no', /a step back/],
    [['9.5.3', 'next'], '9.5.5', 'not known', /"next" of a node is no version/],
    [[], '9.5.5', 'not known', /no node says/],
  ])('from %s to %s: %s', (from, to, says, why) => {
    expect(path(from, to)).toMatchObject({ says, detail: expect.stringMatching(why) });
  });
});

describe('the table of known faults', () => {
  test('has names of their own, versions in order, and a link each', () => {
    expect(new Set(faults.map(({ name }) => name)).size).toBe(faults.length);
    for (const { name, from, before, link } of faults) {
      expect(name).toMatch(/^[a-z0-9.-]+$/);
      expect(compare(version(from), version(before))).toBeLessThan(0);
      expect(link).toMatch(/^https:\/\/(github\.com\/elastic|www\.elastic\.co)\//);
    }
  });

  test.each([
    ['9.2.7', []],
    ['9.2.8', ['gcs-default-credentials-9.2']],
    ['9.2.9', []],
    ['9.3.3', ['gcs-default-credentials']],
    ['9.4.9', []],
    ['9.5.0', ['bulk-diverges', 'security-9.5.5']],
    ['9.5.2', ['bulk-diverges', 'security-9.5.5']],
    ['9.5.3', ['security-9.5.5']],
    ['9.5.5', []],
    ['9.6.0', []],
  ])('%s has %j', (text, names) => {
    expect(faultsOf(version(text)).map(({ name }) => name)).toEqual(names);
  });

  const rendered = (tag: string, accepts?: string): ElasticsearchSet => {
    const plain = set({ image: image(tag) });
    const annotations = accepts === undefined ? {} : { [acceptedFaults]: accepts };
    return { ...plain, metadata: { ...plain.metadata, name: 'elasticsearch', annotations } };
  };

  test('keeps such a version from being rendered, until its fault is accepted by name', () => {
    const [finding, ...rest] = knownFaultFindings(rendered('9.5.2'));
    expect(rest).toEqual([]);
    expect(finding?.level).toBe('refusal');
    expect(finding?.message).toMatch(
      /9\.5\.2 .*bulk request.*issues\/158212\). Take 9\.5\.3 or newer.*: bulk-diverges/,
    );
    expect(knownFaultFindings(rendered('9.5.2', 'bulk-diverges, security-9.5.5'))).toEqual([]);
    expect(knownFaultFindings(rendered('9.5.2', 'security-9.5.5'))).toHaveLength(1);
    expect(knownFaultFindings(rendered('9.5.2', 'all'))).toHaveLength(2);
    expect(knownFaultFindings(rendered('latest'))).toEqual([]);
  });

  test('tells who asks for it what is only worth knowing, and what nodes run', () => {
    const told = (tag: string, runs: string, accepts?: string): string[] =>
      faultFindings(rendered(tag, accepts), { pods: [pod('elasticsearch-0', image(runs))] }).map(
        ({ message }) => message,
      );
    expect(told('9.5.3', '9.5.3')).toEqual([expect.stringMatching(/^the overlay names .*9\.5\.3: .*security faults/)]);
    expect(told('9.5.3', '9.5.3', 'security-9.5.5')).toEqual([]);
    expect(told('9.5.5', '9.5.2')).toEqual([
      expect.stringMatching(/^nodes run .*9\.5\.2: a bulk request/),
      expect.stringMatching(/^nodes run .*9\.5\.2: 9\.5\.5 mends/),
    ]);
    expect(told('9.5.5', '9.5.5')).toEqual([]);
  });

  test('is an answer of the check', () => {
    expect(faultVerdict(version('9.5.2'), [])).toMatchObject({
      says: 'no',
      detail: expect.stringMatching(/bulk-diverges: .*158212/),
    });
    expect(faultVerdict(version('9.5.2'), acceptedIn({ [acceptedFaults]: 'bulk-diverges,security-9.5.5' })).says).toBe(
      'yes',
    );
    expect(faultVerdict(version('9.5.5'), []).says).toBe('yes');
  });
});

describe('Kibana', () => {
  const kibana = (versions: readonly (string | undefined)[], running: readonly string[], to = '9.6.0') =>
    kibanaVerdict(versions, running, version(to));

  test.each<[string, readonly (string | undefined)[], readonly string[], string]>([
    ['of the same version can follow', ['9.5.3'], ['9.5.3'], 'yes'],
    ['that is older works with newer nodes', ['9.4.9'], ['9.5.3'], 'yes'],
    ['that is newer by a patch only works, too', ['9.5.4'], ['9.5.3'], 'yes'],
    ['that is newer by a minor version does not', ['9.6.0'], ['9.5.3'], 'no'],
    ['that is newer than one of the nodes does not', ['9.6.0'], ['9.6.0', '9.5.3'], 'no'],
    ['of another major version does not', ['8.19.1'], ['9.5.3'], 'no'],
    ['without a version in its tag', [undefined], ['9.5.3'], 'not known'],
    ['with nodes that say none', ['9.5.3'], ['next'], 'not known'],
    ['that is not there', [], ['9.5.3'], 'yes'],
  ])('%s', (_, versions, running, says) => {
    expect(kibana(versions, running).says).toBe(says);
  });

  test('can follow into the next major version from the last minor one only', () => {
    expect(kibana(['8.18.8'], ['8.19.4'], '9.5.3').says).toBe('no');
    expect(kibana(['8.19.4'], ['8.19.4'], '9.5.3').says).toBe('yes');
  });
});
