// What can be seen of a node that runs as the manifests have it.
import { at, type Check, first, type Image, same } from '../check.ts';
import { findServer } from '../node.ts';

const launcher = at(
  'distribution/tools/server-launcher/src/main/java/org/elasticsearch/server/launcher/ServerLauncher.java',
);
const ergonomics = at('distribution/tools/server-cli/src/main/java/org/elasticsearch/server/cli/JvmErgonomics.java');

const ask = async (image: Image, script: string): Promise<string> => {
  const { pod } = await image.node();
  return (await pod.exec(`${findServer}; ${script}`)).output.trim();
};

const argumentsOf = async (image: Image): Promise<string[]> =>
  (await ask(image, "tr '\\0' '\\n' < /proc/$server/cmdline")).split('\n');

const isEcs = (line: string): boolean => {
  try {
    const parsed: unknown = JSON.parse(line);
    return typeof parsed === 'object' && parsed !== null && '@timestamp' in parsed && 'message' in parsed;
  } catch {
    return false;
  }
};

export const startChecks: readonly Check[] = [
  {
    name: 'working-directory',
    fact: "The server's working directory is the logs folder (since 9.1)",
    source: `${launcher}, [PR 124966](https://github.com/elastic/elasticsearch/pull/124966)`,
    run: async (image) => same('it', await ask(image, 'readlink /proc/$server/cwd'), '/usr/share/elasticsearch/logs'),
  },
  {
    name: 'processes',
    fact: 'tini starts a launcher, and the launcher the server',
    source: launcher,
    run: async (image) => {
      const found = await ask(image, 'parent=$(ps -o ppid= -p $server); ps -o ppid=,pid= -p $parent; cat /proc/1/comm');
      const [, pid, init] = /^\s*(\d+)\s+\d+\s+(\S+)$/.exec(found) ?? [];
      return first(same("the launcher's parent", pid, '1'), same('process 1', init, 'tini'));
    },
  },
  {
    name: 'ergonomics',
    fact:
      'Direct memory is half of the heap; below 8 GiB of heap regions of 4 MiB ' +
      'and a reserve of 15 %; marking begins at 30 %',
    source: ergonomics,
    run: async (image) => {
      const found = await argumentsOf(image);
      const [, heap] = /^-Xmx(\d+)m$/.exec(found.find((argument) => argument.startsWith('-Xmx')) ?? '') ?? [];
      const wanted = [
        `-XX:MaxDirectMemorySize=${Number(heap) * 2 ** 19}`,
        '-XX:G1HeapRegionSize=4m',
        '-XX:InitiatingHeapOccupancyPercent=30',
        '-XX:G1ReservePercent=15',
      ];
      return same(
        'the flags that are missing',
        wanted.filter((flag) => !found.includes(flag)),
        [],
      );
    },
  },
  {
    name: 'lucene-options',
    fact: 'Normal read advice, one permit for shared arenas, vectors up to Java 25',
    source: at('distribution/tools/server-cli/src/main/java/org/elasticsearch/server/cli/SystemJvmOptions.java'),
    run: async (image) => {
      const found = await argumentsOf(image);
      const wanted = [
        '-Dorg.apache.lucene.store.defaultReadAdvice=normal',
        '-Dorg.apache.lucene.store.MMapDirectory.sharedArenaMaxPermits=1',
        '-Dorg.apache.lucene.vectorization.upperJavaFeatureVersion=25',
      ];
      return same(
        'the options that are missing',
        wanted.filter((option) => !found.includes(option)),
        [],
      );
    },
  },
  {
    name: 'options-of-the-manifests',
    fact: 'Options of jvm.options.d come after the defaults, and so hold',
    source: at('distribution/tools/server-cli/src/main/java/org/elasticsearch/server/cli/JvmOptionsParser.java'),
    run: async (image) => {
      const found = await argumentsOf(image);
      const last = (start: string): string | undefined => found.findLast((argument) => argument.startsWith(start));
      return first(
        same(
          'heap dumps',
          found.findLast((argument) => argument.endsWith('HeapDumpOnOutOfMemoryError')),
          '-XX:-HeapDumpOnOutOfMemoryError',
        ),
        same('core dumps', last('-XX:-CreateCoredump'), '-XX:-CreateCoredumpOnCrash'),
        same('the log of collections', await ask(image, 'ls /usr/share/elasticsearch/logs | grep -c "^gc.log$"'), '1'),
      );
    },
  },
  {
    name: 'server-environment',
    fact: "The server's environment has LIBFFI_TMPDIR and neither ES_JAVA_OPTS nor ES_TMPDIR",
    source: at('distribution/tools/server-cli/src/main/java/org/elasticsearch/server/cli/ServerProcessBuilder.java'),
    run: async (image) => {
      const names = (
        await ask(
          image,
          "tr '\\0' '\\n' < /proc/$server/environ | cut -d = -f 1 | grep -E '^(LIBFFI_TMPDIR|ES_JAVA_OPTS|ES_TMPDIR)$'",
        )
      ).split('\n');
      return same('the variables', names, ['LIBFFI_TMPDIR']);
    },
  },
  {
    name: 'temporary-files',
    fact:
      'Each start leaves in /tmp a folder `elasticsearch-*` and ' +
      'two folders `final-flags*` of the JVMs that print flags',
    source: at('distribution/tools/server-cli/src/main/java/org/elasticsearch/server/cli/JvmOption.java'),
    run: async (image) =>
      same(
        'their number',
        await ask(image, 'ls -d /tmp/elasticsearch-* | wc -l; ls -d /tmp/final-flags* | wc -l'),
        '1\n2',
      ),
  },
  {
    name: 'logs-are-json',
    fact: 'Every line of standard output is a JSON object of ECS, but for what the keystore tool and the JVM print',
    source: at('distribution/docker/src/docker/config/log4j2.properties'),
    run: async (image) => {
      const { pod } = await image.node();
      const plain = (await pod.logs()).stdout.split('\n').filter((line) => line !== '' && !isEcs(line));
      const known = /^(?:Created elasticsearch keystore in |WARNING: |OpenJDK 64-Bit Server VM warning: )/;
      const lines = (await pod.logs()).stdout.split('\n').filter(isEcs).length;
      return first(
        same(
          'plain lines',
          plain.filter((line) => !known.test(line)),
          [],
        ),
        lines > 10 ? undefined : `there are only ${lines} lines`,
      );
    },
  },
  {
    name: 'settings-by-variables',
    fact:
      'A variable with dots in its name, or with ES_SETTING_ before it, is ' +
      'a setting, and wins over elasticsearch.yml',
    source: at('server/src/main/java/org/elasticsearch/common/cli/EnvironmentAwareCommand.java'),
    run: async (image) => {
      const { get } = await image.node();
      const found = await get('/_nodes/_local/settings?flat_settings=true');
      return first(
        found.includes('"node.attr.dotted":"found"')
          ? undefined
          : `the one with dots is missing: ${found.slice(0, 500)}`,
        found.includes('"node.attr.upper_case":"found"')
          ? undefined
          : `the one in upper case is missing: ${found.slice(0, 500)}`,
      );
    },
  },
];
