import { equal, isMap } from '../yaml/json.ts';
import type { Located } from './containers.ts';
import { parseQuantity } from './quantity.ts';
import type { Problem } from './schema-check.ts';

/** Up to here pointers are compressed on every machine; a larger heap can hold less. */
const MOST = 26624n;
const LEAST = 128n;
const MEBIBYTE = 1024n * 1024n;

/** The heap in whole MiB: what the config says, else half of the container's memory; or what keeps it from that. */
export function heapSize(
  { path, container }: Located,
  wanted: string | undefined,
): { heap: string } | { problems: Problem[] } {
  const { limits, requests } = container.resources ?? {};
  const at = [...path, 'resources', 'limits', 'memory'];
  const limit = memory(limits);
  const bytes = parseQuantity(limit);
  if (bytes === undefined) {
    return { problems: [{ path: at, must: 'be a quantity such as 2Gi: the heap is half of it', found: limit }] };
  }
  const request = memory(requests);
  const differs = request !== undefined && request !== null && !equal(parseQuantity(request), bytes);
  const half = bytes / 2n / MEBIBYTE;
  // Half as much again is what the heap needs beside itself for buffers; the rest caches files.
  const own = wanted === undefined ? undefined : (parseQuantity(wanted) ?? 0n) / MEBIBYTE;
  const least = own ?? LEAST;
  const problems = [
    ...(differs
      ? [
          {
            path: [...path, 'resources', 'requests', 'memory'],
            must:
              `equal the limit ${JSON.stringify(limit)}: ` +
              'memory that is not reserved can be missing when the heap needs it',
            found: request,
          },
        ]
      : []),
    ...(half < least ? [{ path: at, must: `be at least ${least * 2n}Mi: half of it is the heap`, found: limit }] : []),
  ];
  return problems.length > 0 ? { problems } : { heap: `${own ?? (half > MOST ? MOST : half)}m` };
}

const memory = (resources: unknown): unknown => (isMap(resources) ? resources.memory : undefined);
