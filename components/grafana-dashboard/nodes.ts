// Memory and disk of each node.
import { lines } from './panels.ts';
import { of, query, rate } from './query.ts';

const oldPool = (what: 'used' | 'max'): string =>
  `max by (name) (${of(`elasticsearch_jvm_memory_pool_${what}_bytes`, 'pool="old"')})`;

export const nodes = [
  lines(
    {
      title: 'Heap that collections do not free',
      description: 'The lowest fill of the old generation within half an hour: what is above it comes and goes.',
      unit: 'percentunit',
    },
    query(`min_over_time((${oldPool('used')} / ${oldPool('max')})[30m:1m])`, '{{name}}'),
  ).max(1),
  lines(
    {
      title: 'Time in garbage collection',
      description: 'A node that pauses for seconds is taken for dead by the others.',
      unit: 'percentunit',
    },
    query(`sum by (name, gc) (${rate('elasticsearch_jvm_gc_collection_seconds_sum')})`, '{{name}} {{gc}}'),
  ),
  lines(
    {
      title: 'Disk used, and the watermarks of the cluster',
      description: 'Above the low one a node gets no copies, above the high one shards are moved away.',
      unit: 'percentunit',
    },
    query(of('reviews:elasticsearch_disk_used:ratio'), '{{name}}'),
    query(of('reviews:elasticsearch_watermark_low:ratio'), 'low watermark'),
    query(of('reviews:elasticsearch_watermark_high:ratio'), 'high watermark'),
  ).max(1),
];
