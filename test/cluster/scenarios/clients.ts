// How long clients wait while a node vanishes depends on the clients, too.
import { expect } from '@jest/globals';
import { clientsBundle } from '../harness/bundle.ts';
import { startClient, stopClient } from '../harness/client-pod.ts';
import { untilGreen } from '../harness/cluster.ts';
import { k, logs, type Pod } from '../harness/kube.ts';
import { crash, letterOf, startNode } from '../harness/lab.ts';
import { pause, say } from '../harness/say.ts';
import { type Bed, prod, type Scenario, threeNodes } from '../harness/scenario.ts';
import { expectNothingLost, underLoad } from '../harness/under-load.ts';
import { electedMaster, expectAtMost } from './support.ts';

/** For longer than Linux tries to connect, about 127 s: so long does curl wait if nobody says anything else. */
const away = 140;

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

const start = async (
  { namespace }: Bed,
  node: string | undefined,
  image: string,
  peers: readonly Pod[],
): Promise<void> => {
  const users = ['search'];
  const url = `https://elasticsearch.${namespace}.svc.cluster.local:9200`;
  await startClient({
    namespace,
    name: 'clients',
    node,
    users,
    command: ['node', '/opt/client/clients.cjs'],
    files: { 'clients.cjs': clientsBundle() },
    env: {
      ELASTICSEARCH_URL: url,
      CREDENTIALS: '/etc/elasticsearch/users',
      ADDRESSES: peers
        .map(({ name }) => `https://${name}.elasticsearch-nodes.${namespace}.svc.cluster.local:9200`)
        .join(','),
    },
  });
  for (const [name, kind] of Object.entries(curls)) {
    const options = kind.replace(/^curl with(out options)? ?/, '');
    await startClient({
      ...{ namespace, name, node, users, image },
      command: ['bash', '-c', curlLoop(options)],
      env: { NAME: kind },
    });
  }
};

const asked = async (namespace: string): Promise<Asked[]> => {
  const texts = await Promise.all(['clients', ...Object.keys(curls)].map((name) => logs(namespace, name, 'client')));
  return texts
    .flatMap((text) => text.split('\n'))
    .filter((line) => line.startsWith('{"kind":"client"'))
    .map((line) => JSON.parse(line) as Asked);
};

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
    "clients of five kinds search while the elected master's node vanishes: how long each waits; the example " +
    'client at most 8 s, and none of its searches fails',
  set: 'full',
  lab: threeNodes,
  variant: prod,
  labOnly: true,
  minutes: 10,
  async run(bed) {
    const { namespace } = bed;
    await k(['-n', namespace, 'rollout', 'status', 'deployment/reviews-setup', '--timeout=240s'], { seconds: 250 });
    const { master, others } = await electedMaster(namespace);
    const image = master.raw.spec?.containers.find(({ name }) => name === 'elasticsearch')?.image ?? '';
    try {
      await start(bed, others[0].node, image, [master, ...others]);
      let lines: readonly Asked[] = [];
      const note = (): string => [...told(lines)].map(([name, what]) => `${name}: ${what}`).join('; ');
      const measured = await underLoad(bed, { node: others[0].node, note }, async () => {
        const node = letterOf(master.node);
        // What the start cost is not of interest.
        await pause(5);
        say(`  node ${node} with ${master.name} vanishes`);
        const began = Date.now();
        await crash(node);
        await pause(away);
        lines = (await asked(namespace)).filter(({ at }) => at > began);
        await startNode(node);
        await untilGreen(bed.variant, 300);
      });
      expectNothingLost(measured);
      const own = lines.filter(({ name }) => name === 'the example client');
      expectAtMost('longest wait of the example client', Math.max(...own.map(({ gapMs }) => gapMs)) / 1000, 8, 30);
      expect(own.reduce((sum, { failed }) => sum + failed, 0)).toBe(0);
    } finally {
      for (const name of ['clients', ...Object.keys(curls)]) await stopClient(namespace, name);
    }
  },
};
