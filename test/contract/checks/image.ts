// What can be seen of the image without starting the server.
import { at, type Check, first, type Image, same } from '../check.ts';
import { must } from '../docker.ts';
import { home, lines, shell } from './shell.ts';

interface Config {
  readonly User: string;
  readonly WorkingDir: string;
  readonly Entrypoint: readonly string[];
  readonly Cmd: readonly string[];
}

const inspect = async ({ engine, name }: Image): Promise<Config> =>
  JSON.parse(await must(engine, ['inspect', '--format={{json .Config}}', name])) as Config;

const dockerfile = at('distribution/docker/src/docker/dockerfiles/default/Dockerfile');

/** What the scripts and probes of base/ call in this image: see ../programs.test.ts. */
export const needed = [
  'bash',
  'chmod',
  'cp',
  'curl',
  'date',
  'find',
  'mkdir',
  'mv',
  'rm',
  'sleep',
  'timeout',
  'touch',
  'unzip',
  'elasticsearch-certutil',
  'elasticsearch-keystore',
  'elasticsearch-reset-password',
];
const missing = ['cmp', 'diff', 'gzip', 'hostname', 'ip', 'jq', 'openssl', 'perl', 'python3', 'tar', 'which'];

const have = (programs: readonly string[]): string =>
  `for p in ${programs.join(' ')}; do ! command -v $p > /dev/null || echo $p; done`;

export const imageChecks: readonly Check[] = [
  {
    name: 'user-and-entrypoint',
    fact:
      'Runs as user 1000 of group 0, in the home folder; process 1 is tini, ' +
      'which starts the entrypoint with the word eswrapper',
    source: dockerfile,
    run: async (image) => {
      const { User, WorkingDir, Entrypoint, Cmd } = await inspect(image);
      return first(
        same('the user', User, '1000:0'),
        same('the working directory', WorkingDir, home),
        same('the entrypoint', Entrypoint, ['/bin/tini', '--', '/usr/local/bin/docker-entrypoint.sh']),
        same('the command', Cmd, ['eswrapper']),
      );
    },
  },
  {
    name: 'programs-that-scripts-need',
    fact:
      'Has every program that the scripts of base/ call: ' +
      `${needed.slice(0, -3).join(', ')}, and the tools of Elasticsearch`,
    source: dockerfile,
    run: async (image) => same('the programs', lines(await shell(image, have(needed))), needed),
  },
  {
    name: 'programs-that-are-missing',
    fact: `Has none of ${missing.join(', ')}`,
    source: `${dockerfile}, [PR 158361](https://github.com/elastic/elasticsearch/pull/158361)`,
    run: async (image) => same('the programs', lines(await shell(image, have(missing))), []),
  },
  {
    name: 'shell',
    fact: 'sh is bash, of version 5',
    source: dockerfile,
    run: async (image) => same('the shell', await shell(image, 'sh -c \'echo "${BASH_VERSINFO[0]}"\''), '5'),
  },
  {
    name: 'owners-and-modes',
    fact:
      'Everything is owned by root and read-only, but for bin, config, jvm.options.d, data, logs and plugins ' +
      '(1000:0, 0775) and the configuration (0664)',
    source: dockerfile,
    run: async (image) => {
      const folders = [
        '',
        'bin',
        'config',
        'config/jvm.options.d',
        'data',
        'logs',
        'plugins',
        'lib',
        'modules',
        'config/jvm.options',
        'config/elasticsearch.yml',
      ];
      const found = await shell(
        image,
        `cd ${home} && stat -c '%n %U %G %a' ${folders.map((folder) => `./${folder}`).join(' ')}`,
      );
      const mine = 'elasticsearch root 775';
      const wanted = [
        'root root 775',
        mine,
        mine,
        mine,
        mine,
        mine,
        mine,
        'root root 555',
        'root root 555',
        'root root 664',
        'root root 664',
      ];
      return same(
        'owners and modes',
        lines(found),
        folders.map((folder, i) => `./${folder} ${wanted[i] ?? ''}`),
      );
    },
  },
  {
    name: 'jvm-options',
    fact:
      'The defaults: G1, a heap dump and an end when memory runs out, paths of logs that are relative to the ' +
      'working directory, no path for heap dumps',
    source: at('distribution/src/config/jvm.options'),
    run: async (image) => {
      const text = await shell(image, `grep -vE '^(#|[[:space:]]*$)' ${home}/config/jvm.options`);
      const wanted = [
        '-XX:+UseG1GC',
        '-Djava.io.tmpdir=${ES_TMPDIR}',
        '-XX:+HeapDumpOnOutOfMemoryError',
        '-XX:+ExitOnOutOfMemoryError',
        '-XX:ErrorFile=hs_err_pid%p.log',
        '-Xlog:gc*,gc+age=trace,safepoint:file=gc.log:utctime,level,pid,tags:filecount=32,filesize=64m',
      ];
      const without = wanted.filter((option) => !lines(text).some((line) => line.replace(/^[\d-]+:/, '') === option));
      return first(
        same('the options that are missing', without, []),
        text.includes('HeapDumpPath') ? 'HeapDumpPath is set' : undefined,
      );
    },
  },
];
