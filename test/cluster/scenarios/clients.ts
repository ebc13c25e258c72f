// How long clients wait while a node vanishes depends on the clients, too.
import { expect } from '@jest/globals';
import { clientsBundle } from '../harness/bundle.ts';
import { idle, startClient, stopClient } from '../harness/client-pod.ts';
import { untilGreen } from '../harness/cluster.ts';
import { exec, k, logs, type Pod } from '../harness/kube.ts';
import { crash, letterOf, startNode } from '../harness/lab.ts';
import { pause, say } from '../harness/say.ts';
import { prod, type Scenario, threeNodes } from '../harness/scenario.ts';
import { expectNothingLost, underLoad } from '../harness/under-load.ts';
import { until } from '../harness/until.ts';
import { electedMaster, expectAtMost } from './support.ts';

/** For longer than Linux tries to connect, about 127 s: so long does curl wait if nobody says anything else. */
const away = 140;

const users = ['search'];
const example = 'the example client';
/**
 * Pods, and the kinds in each. Not in one program: look-ups that hang hold up the others of the same process, of which
 * Node.js does four at a time.
 */
const programs: Readonly<Record<string, readonly string[]>> = {
  'clients-example': [example],
  'clients-names': ['the example client, each name looked up'],
  'clients-addresses': ['the example client, three addresses'],
  'clients-plain': ["the client's defaults"],
};
const file = '/dev/shm/clients.cjs';

interface Asked {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly name: string;
  readonly gapMs: number;
  readonly failed: number;
}

const curlLoop = (options: string): string =>
  [
    'login() { printf \'user = "%s:%s"\' "$(<"$USER_FOLDER/username")" "$(<"$USER_FOLDER/password")"; }',
    'last=$(date +%s%3N)',
    'while sleep 0.1; do',
    '  failed=1',
    `  if curl -sf -K <(login) --cacert "$CA_FILE" ${options} -o /dev/null "https://$HOST:9200/reviews/_count"; then`,
    '    failed=0',
    '  fi',
    '  now=$(date +%s%3N)',
    `  printf '{"kind":"client","at":%s,"name":"%s","gapMs":%s,"failed":%s}\\n' $now "$NAME" $((now - last)) $failed`,
    '  if ((failed == 0)); then last=$now; fi',
    'done',
  ].join('\n');

const curls = {
  curl: 'curl without options',
  'curl-patient': 'curl with --connect-timeout 1 --max-time 5 --retry 5 --retry-all-errors',
} as const;

const startCurls = async (namespace: string, node: string | undefined, image: string): Promise<void> => {
  for (const [name, kind] of Object.entries(curls))
    await startClient({
      namespace,
      name,
      node,
      users,
      image,
      command: ['bash', '-c', curlLoop(kind.replace(/^curl with(out options)? ?/, ''))],
      env: { NAME: kind },
    });
};

/** Too large for a ConfigMap, so it is sent into a pod that waits. */
const startProgram = async (namespace: string, node: string | undefined, name: string): Promise<void> => {
  await startClient({ namespace, name, node, users, command: idle });
  await until(
    'the program in its pod',
    { seconds: 30 },
    async () =>
      (await exec(namespace, name, ['tee', file], { container: 'client', input: clientsBundle() })).code === 0,
  );
};

/** What a program prints in so many seconds. */
const runProgram = async (
  [name, kinds]: readonly [string, readonly string[]],
  namespace: string,
  peers: readonly Pod[],
  seconds: number,
): Promise<string> => {
  const addresses = peers.map((peer) => `https://${peer.name}.elasticsearch-nodes.${namespace}.svc.cluster.local:9200`);
  const environment = [
    `ELASTICSEARCH_URL=https://elasticsearch.${namespace}.svc.cluster.local:9200`,
    'CREDENTIALS=/etc/elasticsearch/users',
    `ADDRESSES=${addresses.join(',')}`,
  ];
  const done = await exec(namespace, name, ['env', ...environment, 'node', file, String(seconds), ...kinds], {
    container: 'client',
    seconds: seconds + 30,
  });
  if (done.code !== 0) throw new Error(`the clients failed: ${done.stderr}`);
  return done.stdout;
};

const curlLogs = async (namespace: string): Promise<string> =>
  (await Promise.all(Object.keys(curls).map((name) => logs(namespace, name, 'client')))).join('\n');

const asked = (text: string): Asked[] =>
  text
    .split('\n')
    .filter((line) => line.startsWith('{"kind":"client"'))
    .map((line) => JSON.parse(line) as Asked);

const told = (lines: readonly Asked[]): ReadonlyMap<string, string> =>
  new Map(
    [...new Set(lines.map(({ name }) => name))].map((name) => {
      const own = lines.filter((line) => line.name === name);
      const longest = Math.max(...own.map(({ gapMs }) => gapMs)) / 1000;
      return [name, `${longest.toFixed(1)} s, ${own.reduce((sum, { failed }) => sum + failed, 0)} failed`];
    }),
  );

export const clientsWhileANodeIsLost: Scenario = {
  name: 'clients-while-a-node-is-lost',
  does:
    "clients of six kinds search while the elected master's node vanishes: how long each waits; the example " +
    'client at most 10 s, and none of its searches fails',
  set: 'full',
  lab: threeNodes,
  variant: prod,
  labOnly: true,
  minutes: 10,
  // The agents tell it whoever is lost; the exporter may be on the same node, and is made anew a minute later.
  alerts: [
    'ElasticsearchZoneLost',
    { alert: 'ElasticsearchNodesMissing', perhaps: 'the exporter may be on the node that is lost' },
    { alert: 'ElasticsearchYellow', perhaps: 'as above' },
  ],
  async run(bed) {
    const { namespace } = bed;
    await k(['-n', namespace, 'rollout', 'status', 'deployment/reviews-setup', '--timeout=240s'], { seconds: 250 });
    const { master, others } = await electedMaster(namespace);
    const image = master.raw.spec?.containers.find(({ name }) => name === 'elasticsearch')?.image ?? '';
    try {
      await startCurls(namespace, others[0].node, image);
      for (const name of Object.keys(programs)) await startProgram(namespace, others[0].node, name);
      let lines: readonly Asked[] = [];
      const note = (): string => [...told(lines)].map(([name, what]) => `${name}: ${what}`).join('; ');
      const measured = await underLoad(bed, { node: others[0].node, note, reviews: true }, async () => {
        const node = letterOf(master.node);
        // A minute for what they still wait for at the end.
        const running = Promise.all(
          Object.entries(programs).map((program) => runProgram(program, namespace, [master, ...others], away + 60)),
        );
        // What the start cost is not of interest; and the load's first review makes what they ask for.
        await pause(10);
        say(`  node ${node} with ${master.name} vanishes`);
        const began = Date.now();
        await crash(node);
        await pause(away);
        await startNode(node);
        const printed = await running;
        lines = asked(`${printed.join('\n')}\n${await curlLogs(namespace)}`).filter(({ at }) => at > began);
        await untilGreen(bed.variant, 300);
      });
      expectNothingLost(measured);
      const own = lines.filter(({ name }) => name === example);
      // One in three is connected to the node that is lost: 5 s for the answer that never comes, then 1.25 s for each
      // new connection to it; three in a row are one in 27.
      expect(own).not.toEqual([]);
      expectAtMost('longest wait of the example client', Math.max(...own.map(({ gapMs }) => gapMs)) / 1000, 10, 30);
      expect(own.reduce((sum, { failed }) => sum + failed, 0)).toBe(0);
    } finally {
      for (const name of [...Object.keys(programs), ...Object.keys(curls)]) await stopClient(namespace, name);
    }
  },
};
