// Somebody who may run pods in the namespace starts a node of the same name, with a certificate of an authority of his
// own.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import type { IStatefulSet } from 'kubernetes-models/apps/v1';
import { run } from '../../../scripts/lib/process.ts';
import { anyOf } from '../harness/any-of.ts';
import { statefulSet } from '../harness/cluster.ts';
import { health, term } from '../harness/es.ts';
import { nodes } from '../harness/facts.ts';
import { elasticsearchPods, k, logs } from '../harness/kube.ts';
import { pause, say } from '../harness/say.ts';
import { prod, type Scenario, threeNodes } from '../harness/scenario.ts';
import { until } from '../harness/until.ts';

const name = 'rogue';
const labels = { 'app.kubernetes.io/name': 'elasticsearch', 'app.kubernetes.io/instance': 'reviews', rogue: 'true' };

/** An authority, and a certificate by it for every name in the namespace. */
const certificates = async (namespace: string): Promise<Record<string, string>> => {
  const folder = mkdtempSync(join(tmpdir(), 'rogue-'));
  const openssl = async (...args: string[]): Promise<void> => {
    const done = await run('openssl', args, { cwd: folder, seconds: 30 });
    if (done.code !== 0) throw new Error(`openssl ${args.join(' ')}: ${done.stderr}`);
  };
  try {
    writeFileSync(
      join(folder, 'names'),
      `subjectAltName=DNS:localhost,DNS:*.elasticsearch-nodes.${namespace}.svc.cluster.local,` +
        'DNS:*.elasticsearch-nodes\n',
    );
    await openssl(
      'req',
      '-x509',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-subj',
      '/CN=rogue authority',
      '-days',
      '365',
      '-keyout',
      'ca.key',
      '-out',
      'ca.crt',
    );
    await openssl('req', '-newkey', 'rsa:2048', '-nodes', '-subj', '/CN=tls', '-keyout', 'tls.key', '-out', 'tls.csr');
    await openssl(
      'x509',
      '-req',
      '-in',
      'tls.csr',
      '-CA',
      'ca.crt',
      '-CAkey',
      'ca.key',
      '-days',
      '365',
      '-extfile',
      'names',
      '-out',
      'tls.crt',
    );
    return Object.fromEntries(
      ['ca.crt', 'tls.crt', 'tls.key'].map((file) => [file, readFileSync(join(folder, file), 'utf8')]),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

/** The real one's, but for its name, its labels, and its certificate. */
const rogueOf = (real: IStatefulSet): object => {
  const template = structuredClone(real.spec?.template) as {
    metadata: { labels: object };
    spec: { volumes: { name: string; secret?: object }[]; affinity?: object; topologySpreadConstraints?: object[] };
  };
  // The agent's, too: it knows its own node by the authority.
  const volumes = template.spec.volumes.map((volume) =>
    volume.name === 'certificates' || volume.name === 'authority'
      ? { ...volume, secret: { ...volume.secret, secretName: name } }
      : volume,
  );
  return {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { name },
    spec: {
      ...real.spec,
      replicas: 1,
      selector: { matchLabels: labels },
      persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Delete', whenScaled: 'Delete' },
      template: { metadata: { labels }, spec: { ...template.spec, volumes, topologySpreadConstraints: [] } },
    },
  };
};

export const rogueNode: Scenario = {
  name: 'rogue-node',
  does: 'a node with a certificate of another authority cannot join, and disturbs nobody',
  set: 'ci',
  lab: threeNodes,
  variant: prod,
  minutes: 8,
  async run({ namespace, tried }) {
    const real = await statefulSet(namespace);
    if (real === undefined) throw new Error('there is no StatefulSet elasticsearch');
    const before = await term(namespace);
    const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name }, stringData: await certificates(namespace) };
    try {
      await k(['-n', namespace, 'apply', '-f', '-'], {
        input: JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [secret, rogueOf(real)] }),
      });
      const refusal = anyOf(
        /unable to find valid certification path/,
        /PKIX path building failed/,
        /not trusted|bad_certificate|certificate_unknown/,
      );
      await until('the rogue node refused', { seconds: 180, every: 3 }, async () =>
        refusal.test(await logs(namespace, 'rogue-0', 'elasticsearch')),
      );
      say('  the rogue node runs and gets no connection');
      await pause(30);
      expect(await logs(namespace, 'rogue-0', 'elasticsearch')).toContain('master not discovered');
      expect((await nodes(namespace)).map((node) => node.name)).toEqual([
        'elasticsearch-0',
        'elasticsearch-1',
        'elasticsearch-2',
      ]);
      expect((await elasticsearchPods(namespace)).filter(({ ready }) => ready).map((pod) => pod.name)).not.toContain(
        'rogue-0',
      );
      expect((await health(namespace)).status).toBe('green');
      expect(await term(namespace)).toBe(before);
      tried(
        'a node of the same name and labels, with a certificate of another authority',
        'cannot join: the others do not trust it; green, no election',
      );
    } finally {
      await k(['-n', namespace, 'delete', 'statefulset', name, '--cascade=orphan', '--ignore-not-found']);
      await k(
        ['-n', namespace, 'delete', 'pod', 'rogue-0', '--grace-period=1', '--ignore-not-found', '--timeout=60s'],
        { seconds: 70 },
      );
      await k(['-n', namespace, 'delete', `pvc/data-rogue-0`, `secret/${name}`, '--ignore-not-found']);
    }
  },
};
