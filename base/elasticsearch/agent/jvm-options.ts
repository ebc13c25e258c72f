// Files of jvm.options.d: later ones win over the image's own. Not in variables, which Elasticsearch advises against.

import { Refused } from '../../lib/environment.ts';

export interface Jvm {
  readonly heapSize: string;
  /** The CPU limit, or all of the Kubernetes node's where there is none. */
  readonly processors: string;
  /** The bound of an overlay; empty for none. */
  readonly maxProcessors: string;
}

/** A file of an overlay's own. */
export interface OwnOptions {
  readonly name: string;
  readonly text: string;
}

/** File to lines. The overlay's come last by their names, so that of two values theirs counts. */
export const jvmOptions = (jvm: Jvm, own: readonly OwnOptions[] = []): ReadonlyMap<string, readonly string[]> =>
  new Map([
    ['heap.options', heap(jvm)],
    ['dumps.options', DUMPS],
    ['processors.options', fewerProcessors(jvm)],
    ...own.map((file) => [`user-${file.name}`, ownLines(file)] as const),
  ]);

const HEAP_FLAG = /-X(?:m[sx]|X:\S*(?:HeapSize|RAMPercentage))/;

/** All but a size of the heap, which follows from the memory. */
const ownLines = ({ name, text }: OwnOptions): readonly string[] => {
  const lines = text.replace(/\r/g, '').split('\n');
  const flag = lines.findIndex((line) => !line.trimStart().startsWith('#') && HEAP_FLAG.test(line));
  if (flag < 0) return lines;
  throw new Refused(
    `${name}, line ${flag + 1}: ${lines[flag]?.trim()} sizes the heap, which HEAP_SIZE does. ` +
      'Say spec.heap of ElasticsearchTopology instead',
  );
};

const heap = ({ heapSize }: Jvm): readonly string[] => {
  if (!/^[1-9]\d*[kmgKMG]$/.test(heapSize))
    throw new Refused(
      `HEAP_SIZE must be as 1024m, but is '${heapSize}'. The function elasticsearch-topology writes it: were these ` +
        'manifests made without it?',
    );
  return [`-Xms${heapSize}`, `-Xmx${heapSize}`];
};

// By default the logs of garbage collections may fill 2 GB of the Kubernetes node, and a heap that is full, or the
// memory of a JVM that crashes, is written with the reviews in it. The log's path is relative on purpose: the server's
// working directory is the logs folder, and the JVMs that the launcher asks for their flags run in an empty one. An
// absolute path would be rotated by those, a path below logs/ stops every node before its start.
// https://www.elastic.co/docs/reference/elasticsearch/jvm-settings#gc-logging
// https://github.com/elastic/elasticsearch/pull/124966
const DUMPS: readonly string[] = [
  '-Xlog:disable',
  '-Xlog:all=warning:stderr:utctime,level,tags',
  '-Xlog:gc*,gc+age=trace,safepoint:file=gc.log:utctime,level,pid,tags:filecount=4,filesize=16m',
  '-XX:-HeapDumpOnOutOfMemoryError',
  '-XX:-CreateCoredumpOnCrash',
];

/** Threads are sized by the processors that a JVM may use: without a CPU limit all of the host's, at any memory. */
const fewerProcessors = ({ processors, maxProcessors }: Jvm): readonly string[] => {
  if (!/^\d{0,6}$/.test(maxProcessors) || !/^\d{0,6}$/.test(processors))
    throw new Refused(`MAX_PROCESSORS must be a whole number, but is '${maxProcessors}'`);
  const most = Number(maxProcessors);
  return most > 0 && Number(processors) > most ? [`-XX:ActiveProcessorCount=${most}`] : [];
};
