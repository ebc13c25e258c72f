// Would a deploy put an older Elasticsearch on data of a newer one? A node refuses to start then, since an older
// version may not be able to read what a newer one has written: https://github.com/elastic/elasticsearch/pull/41731
import type { IStatefulSet } from 'kubernetes-models/apps/v1';
import type { IPod } from 'kubernetes-models/v1';
import { compare, versionOf } from '../image-version.ts';
import { podOrdinal } from './claims.ts';
import { type Finding, ok, warning } from './finding.ts';
import type { Standing } from './standing.ts';

const imageIn = (spec: IPod['spec']): string | undefined =>
  spec?.containers.find(({ name }) => name === 'elasticsearch')?.image;

const judge = (wanted: string | undefined, running: string | undefined): Finding[] => {
  if (wanted !== undefined && wanted === running) return [];
  const [ours, theirs] = [wanted, running].map((image) => (image === undefined ? undefined : versionOf(image)));
  const [before, after] = [running ?? 'unknown', wanted ?? 'unknown'];
  const change = `the image of Elasticsearch in the cluster is ${before}, and would be ${after}`;
  if (ours === undefined || theirs === undefined)
    return [warning(`${change}: which is older can't be told. An older one does not start on data of a newer one`)];
  if (compare(ours, theirs) >= 0) return [];
  return [
    {
      level: 'error',
      message:
        `${change}, which is older: it does not start on data that a newer version has written. ` +
        'Put the version of the cluster, or a newer one, into the overlay',
    },
  ];
};

/** A pod may run another version than the StatefulSet says: in the middle of a roll-out the newest of them counts. */
export const downgradeFindings = (rendered: IStatefulSet, { statefulSet: live, pods }: Standing): Finding[] => {
  const set = rendered.metadata?.name ?? '';
  const wanted = imageIn(rendered.spec?.template.spec);
  const running = new Set([
    ...(live === undefined ? [] : [imageIn(live.spec?.template.spec)]),
    ...pods.filter((pod) => podOrdinal(pod, set) !== undefined).map(({ spec }) => imageIn(spec)),
  ]);
  const findings = [...running].flatMap((image) => judge(wanted, image));
  return findings.length > 0 || running.size === 0
    ? findings
    : [ok(`no older Elasticsearch than ${[...running].join()}`)];
};
