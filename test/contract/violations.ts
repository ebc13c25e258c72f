// For each line of the contract that the stand-in holds, a change of the image that breaks it: the check must then
// fail. A line without one here is broken by the manifests' side in its own check, or its check is itself the broken
// case (how a node ends).
export interface Violation {
  /** Name of the check that must fail. */
  readonly check: string;
  /** Run as root in the image. */
  readonly run: string;
}

const home = '/usr/share/elasticsearch';

/** Puts a program before the JVM of the server, and of no other: `change` may alter "$@" or the folder. */
const beforeTheServer = (change: string): string =>
  [
    `mv ${home}/jdk/bin/java ${home}/jdk/bin/java.real`,
    `printf '%s\\n' '#!/bin/bash' 'case "$*" in *bootstrap.Elasticsearch*)' '${change}' ';; esac' 'exec ` +
      `${home}/jdk/bin/java.real "$@"' > ${home}/jdk/bin/java`,
    `chmod 755 ${home}/jdk/bin/java`,
  ].join(' && ');

/** Of the server's arguments, those that do not begin with this. */
const without = (start: string): string =>
  beforeTheServer(
    `kept=(); for word in "$@"; do [[ $word == ${start}* ]] || kept+=("$word"); done; set -- "\${kept[@]}"`,
  );

export const violations: readonly Violation[] = [
  { check: 'programs-that-scripts-need', run: 'rm /usr/bin/unzip' },
  { check: 'programs-that-are-missing', run: 'cp /usr/bin/cat /usr/bin/tar' },
  { check: 'shell', run: 'rm /usr/bin/sh && cp /usr/bin/true /usr/bin/sh' },
  { check: 'owners-and-modes', run: `chmod 755 ${home}/lib` },
  { check: 'jvm-options', run: `echo '-XX:HeapDumpPath=data' >> ${home}/config/jvm.options` },
  { check: 'password-file-for-its-owner', run: `echo > ${home}/bin/elasticsearch-env-from-file` },
  {
    check: 'keystore-tool',
    run: `rm ${home}/bin/elasticsearch-keystore && cp /usr/bin/true ${home}/bin/elasticsearch-keystore`,
  },
  {
    check: 'certutil',
    run: `rm ${home}/bin/elasticsearch-certutil && cp /usr/bin/true ${home}/bin/elasticsearch-certutil`,
  },
  { check: 'working-directory', run: beforeTheServer(`cd ${home}`) },
  { check: 'ergonomics', run: without('-XX:MaxDirectMemorySize') },
  { check: 'lucene-options', run: without('-Dorg.apache.lucene.store.defaultReadAdvice') },
  { check: 'options-of-the-manifests', run: without('-XX:-CreateCoredumpOnCrash') },
  { check: 'server-environment', run: beforeTheServer('export ES_JAVA_OPTS=left') },
  { check: 'logs-are-json', run: beforeTheServer('echo a plain line') },
  { check: 'temporary-files', run: beforeTheServer('rm -r /tmp/final-flags*') },
  { check: 'processes', run: `sed -i 's/^exec /echo | /' ${home}/bin/elasticsearch` },
];
