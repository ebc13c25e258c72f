// Elasticsearch as test/lab assembles it from Maven Central's jars: its tools, and a server that needs no container.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../../scripts/lib/paths.ts';
import { which } from '../../../scripts/lib/process.ts';
import { labHome, makeInLab } from '../lab-home.ts';
import type { Need } from './need.ts';

const given = process.env['ELASTICSEARCH_HOME'];
const own = join(labHome, 'cache/elasticsearch/home');

const isHome = (folder: string): boolean => existsSync(join(folder, 'bin/elasticsearch'));

/** An unpacked image's home; there once the need below is met. */
export const elasticsearchHome = given || own;

/** The folder of elasticsearch-certutil, elasticsearch-keystore and the others. */
export const elasticsearchTools = join(elasticsearchHome, 'bin');

/** No registry that npm or Go asks has one with a compiler, and Debian 12 has only older ones. */
const JDK = 'a JDK 25';
const packages = { mvn: 'maven', unzip: 'unzip' };

const missing = (): string[] => [
  ...(spawnSync(join(root, 'test/lab/elasticsearch/find-jdk')).status === 0 ? [] : [JDK]),
  ...Object.keys(packages).filter((program) => which(program) === undefined),
];

/** The scripts of base/ unpack what certutil writes, as in the image. */
const unpacks = (): boolean => which('unzip') !== undefined;

export const elasticsearch: Need = {
  name: 'Elasticsearch',
  lack: () => {
    if (isHome(elasticsearchHome) && unpacks()) return undefined;
    if (given) return { why: 'ELASTICSEARCH_HOME has no bin/elasticsearch', first: 'unset ELASTICSEARCH_HOME' };
    const lacking = missing();
    if (lacking.length === 0) return undefined;
    return {
      why: `it is assembled with ${lacking.join(', ')}, not found here`,
      ...(lacking.includes(JDK) ? { first: 'export JDK_HOME=FOLDER (a JDK 25, unpacked anywhere)' } : {}),
      packages: Object.entries(packages).flatMap(([program, name]) => (lacking.includes(program) ? [name] : [])),
    };
  },
  make: async () => {
    if (elasticsearchHome === own && missing().length === 0)
      await makeInLab(['unpacked'], isHome(own) ? undefined : 'Elasticsearch (two minutes)');
  },
};
