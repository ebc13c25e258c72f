// For each line of the contract that the stand-in holds, a change of the image that breaks it: the check must then
// fail. A line without one here is broken by the manifests' side in its own check, or its check is itself the broken
// case (how a node ends).
export interface Violation {
  /** Names of the checks that must fail. */
  readonly checks: readonly string[];
  /** Run as root in the image. */
  readonly run: string;
}

const home = '/usr/share/elasticsearch';

/** A program in the place of another one. */
const isNow = (program: string, other: string): string => `rm ${program} && cp ${other} ${program}`;

/** The server's arguments without some, another folder and variable, one line too many, one kind of folder too few. */
const disturbance = [
  'cd /tmp',
  'export ES_JAVA_OPTS=left',
  'echo a plain line',
  'rm -r /tmp/final-flags*',
  'kept=()',
  'for word in "$@"; do',
  'case $word in -XX:MaxDirectMemorySize*|-Dorg.apache.lucene.store.defaultReadAdvice*|-XX:-CreateCoredumpOnCrash) ;;',
  '*) kept+=("$word") ;; esac; done',
  'set -- "${kept[@]}"',
];

/** Another port than the probe's, and no long questions, such as the agent's for the state of the cluster. */
const otherSettings = ['READINESS_PORT=9398', 'HTTP_MAX__INITIAL__LINE__LENGTH=200b'].map(
  (pair) => `ES_SETTING_${pair}`,
);

/** A curl that finds the agent for the init container, and not for the hook. */
const forgetfulCurl = [
  'mv /usr/bin/curl /usr/bin/real-curl',
  `printf '%s\\n' '#!/bin/bash' 'case "$*" in *//agent/stop*) exit 7 ;; esac' 'exec real-curl "$@"' > /usr/bin/curl`,
  'chmod 755 /usr/bin/curl',
];

/**
 * A script before the JVM of the server, and of no other; a shell that stays between tini and the launcher; and what
 * the agent and the scripts around it need.
 */
const disturbed = [
  `mkdir ${home}/jdk/real`,
  `mv ${home}/jdk/bin/java ${home}/jdk/real/java`,
  `printf '%s\\n' '#!/bin/bash' 'case "$*" in *bootstrap.Elasticsearch*)' ` +
    `${disturbance.map((line) => `'${line}'`).join(' ')} ` +
    `';; esac' 'exec ${home}/jdk/real/java "$@"' > ${home}/jdk/bin/java`,
  `chmod 755 ${home}/jdk/bin/java`,
  `sed -i 's/^exec /echo | /' ${home}/bin/elasticsearch`,
  `sed -i '1a export ${otherSettings.join(' ')}' /usr/local/bin/docker-entrypoint.sh`,
  ...forgetfulCurl,
].join(' && ');

export const violations: readonly Violation[] = [
  { checks: ['programs-that-scripts-need'], run: 'rm /usr/bin/unzip' },
  { checks: ['programs-that-are-missing'], run: 'cp /usr/bin/cat /usr/bin/tar' },
  { checks: ['shell'], run: isNow('/usr/bin/sh', '/usr/bin/true') },
  { checks: ['owners-and-modes'], run: `chmod 755 ${home}/lib` },
  { checks: ['jvm-options'], run: `echo '-XX:HeapDumpPath=data' >> ${home}/config/jvm.options` },
  { checks: ['password-file-for-its-owner'], run: `echo > ${home}/bin/elasticsearch-env-from-file` },
  {
    checks: ['keystore-tool', 'keystore-tool-reads-the-settings', 'keystore-that-exists', 'keystore-add-file'],
    run: isNow(`${home}/bin/elasticsearch-keystore`, '/usr/bin/true'),
  },
  { checks: ['certutil', 'certutil-authority'], run: isNow(`${home}/bin/elasticsearch-certutil`, '/usr/bin/true') },
  // One image for all of these: a node is started once.
  {
    checks: [
      'working-directory',
      'processes',
      'ergonomics',
      'lucene-options',
      'options-of-the-manifests',
      'server-environment',
      'temporary-files',
      'logs-are-json',
      'readiness-probe',
      'answers-to-the-agent',
      'pre-stop-hook',
    ],
    run: disturbed,
  },
];
