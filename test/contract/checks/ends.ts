// How a node ends: exit codes and messages, which people and Kubernetes see.
import { appendFileSync, chmodSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { at, type Check, first, same } from '../check.ts';
import { endOf, findServer, startNode, untilUp } from '../node.ts';
import { passwords } from '../secrets.ts';

const launcher = at(
  'distribution/tools/server-launcher/src/main/java/org/elasticsearch/server/launcher/ServerLauncher.java',
);
const exitCodes = at('libs/cli/src/main/java/org/elasticsearch/cli/ExitCodes.java');

const contains = (output: string, text: string): string | undefined =>
  output.includes(text) ? undefined : `the output lacks "${text}":\n${output.slice(-1500)}`;

export const endChecks: readonly Check[] = [
  {
    name: 'flags-that-no-jvm-takes',
    fact:
      'A log of collections below a folder that is not there ends the start with 70, before the server: the flags ' +
      'are tried in an empty folder',
    source: at('distribution/tools/server-cli/src/main/java/org/elasticsearch/server/cli/JvmOption.java'),
    run: async (image) => {
      const { code, output } = await endOf(image, {
        before: (folderOf) => {
          const file = join(folderOf('config'), 'jvm.options.d/dumps.options');
          writeFileSync(file, readFileSync(file, 'utf8').replace('file=gc.log', 'file=logs/gc.log'));
        },
      });
      return first(same('the exit code', code, 70), contains(output, "Error opening log file 'logs/gc.log'"));
    },
  },
  {
    name: 'heap-that-no-jvm-takes',
    fact: 'A maximum heap below the minimum ends the start with 70',
    source: exitCodes,
    run: async (image) => same('the exit code', (await endOf(image, { env: { ES_JAVA_OPTS: '-Xmx64m' } })).code, 70),
  },
  {
    name: 'bootstrap-checks',
    fact: 'Where the node is reachable, a minimum heap below the maximum fails a bootstrap check: 78',
    source: at('server/src/main/java/org/elasticsearch/bootstrap/BootstrapChecks.java'),
    run: async (image) => {
      const { code, output } = await endOf(image, { env: { ES_JAVA_OPTS: '-Xms64m' } }, 120);
      return first(same('the exit code', code, 78), contains(output, 'initial heap size'));
    },
  },
  {
    name: 'unknown-setting',
    fact: 'A setting that is not known ends the start with 1, and is named',
    source: at('server/src/main/java/org/elasticsearch/common/settings/SettingsModule.java'),
    run: async (image) => {
      const { code, output } = await endOf(image, {
        before: (folderOf) =>
          appendFileSync(join(folderOf('config'), 'elasticsearch.yml'), '\nno.such.setting: true\n'),
      });
      return first(same('the exit code', code, 1), contains(output, 'unknown setting [no.such.setting]'));
    },
  },
  {
    name: 'logging-configuration',
    fact: 'Without log4j2.properties the start ends with 78',
    source: at('distribution/tools/server-cli/src/main/java/org/elasticsearch/server/cli/ServerCli.java'),
    run: async (image) => {
      const change = {
        before: (folderOf: (volume: string) => string) => rmSync(join(folderOf('config'), 'log4j2.properties')),
      };
      const { code, output } = await endOf(image, change);
      return first(same('the exit code', code, 78), contains(output, 'Missing logging config file'));
    },
  },
  {
    name: 'left-over-keystore',
    fact:
      'A keystore that was being written when the container died ends each later ' +
      'start with 74 where the keystore has to be written',
    source: at('server/src/main/java/org/elasticsearch/common/settings/KeyStoreWrapper.java'),
    run: async (image) => {
      const { code } = await endOf(image, {
        env: { ELASTIC_PASSWORD: passwords.elastic },
        before: (folderOf) => {
          rmSync(join(folderOf('config'), 'elasticsearch.keystore'), { force: true });
          writeFileSync(join(folderOf('config'), 'elasticsearch.keystore.tmp'), '', { mode: 0o660 });
        },
      });
      return same('the exit code', code, 74);
    },
  },
  {
    name: 'temporary-folder-read-only',
    fact: 'Where /tmp cannot be written the start ends with 70',
    source: exitCodes,
    run: async (image) => {
      const { code } = await endOf(image, { before: (folderOf) => chmodSync(folderOf('tmp'), 0o555) });
      return same('the exit code', code, 70);
    },
  },
  {
    name: 'stop-kill-and-start-again',
    fact:
      'SIGTERM ends the container with 143 within seconds, a killed server ' +
      'with 137, and the same container starts again',
    source: launcher,
    run: async (image) => {
      const node = await startNode(image);
      try {
        await node.pod.signal('TERM');
        const stopped = same('the exit code after SIGTERM', await node.pod.exitCode(30), 143);
        await node.pod.startAgain();
        await untilUp(node);
        await node.pod.exec(`${findServer}; kill -KILL $server`);
        return first(stopped, same('the exit code after SIGKILL', await node.pod.exitCode(30), 137));
      } finally {
        await node.pod.remove();
      }
    },
  },
];
