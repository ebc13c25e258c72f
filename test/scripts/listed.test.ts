// What can't be listed: whoever has no right is told so, whoever has no connection is not told of rights.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { checkCluster } from '../../scripts/lib/check/check.ts';
import type { Finding } from '../../scripts/lib/check/finding.ts';
import { listed } from '../../scripts/lib/check/listed.ts';
import { Forbidden, ifAllowed } from '../../scripts/lib/cluster/kubectl.ts';
import { targetOf } from '../../scripts/lib/cluster/target.ts';
import { parseManifests } from '../../scripts/lib/objects.ts';
import { freePort } from '../support/free-port.ts';
import { apiServer, kubectl as kubectlProgram } from '../support/needs/programs.ts';
import { suiteNeeding } from '../support/needs/suite.ts';
import { asAccount, must, startTarget, type Target } from './support/kubectl.ts';

const objects = parseManifests(`
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: elasticsearch, namespace: reviews, labels: {app.kubernetes.io/name: elasticsearch}}
spec: {replicas: 1, template: {spec: {containers: [{name: elasticsearch}]}}}
`);
const limit = 120_000;

suiteNeeding('before a deployment', [apiServer, kubectlProgram], () => {
  let target: Target;
  beforeAll(async () => {
    target = await startTarget();
  }, limit);
  afterAll(() => target?.stop());

  test(
    'what a user may not list is named, with what is not checked for it, and is no error',
    async () => {
      await must(['create', 'namespace', 'reviews']);
      await must(['create', 'serviceaccount', 'narrow', '-n', 'reviews']);
      await must(['create', 'role', 'all', '-n', 'reviews', '--verb=*', '--resource=*.*']);
      await must(['create', 'rolebinding', 'narrow', '-n', 'reviews', '--role=all', '--serviceaccount=reviews:narrow']);
      const token = (await must(['create', 'token', 'narrow', '-n', 'reviews'])).trim();
      await asAccount(target, token, async () => {
        const findings = await checkCluster(objects, targetOf(objects));
        expect(findings.filter(({ level }) => level === 'error')).toEqual([]);
        const said = findings.map(({ message }) => message);
        expect(said).toContain('nodes may not be listed by this user: zones and room are not checked');
        expect(said).toContain(
          'storage classes may not be listed by this user: the class of the claims is not checked',
        );
        expect(said).toContain('pods of all namespaces may not be listed by this user: room is not checked');
        await expect(ifAllowed(Promise.reject(new Forbidden('x')))).resolves.toBeUndefined();
      });
    },
    limit,
  );

  test(
    'without a connection nothing is said of rights',
    async () => {
      const before = process.env['KUBECONFIG'];
      const closed = join(target.server.folder, 'closed');
      writeFileSync(closed, target.server.kubeconfig().replaceAll(`:${target.server.port}`, `:${await freePort()}`));
      process.env['KUBECONFIG'] = closed;
      try {
        const nodes = await listed('nodes', ['nodes'], 'room is');
        const finding: Finding | undefined = 'missing' in nodes ? nodes.missing : undefined;
        expect(finding?.level).toBe('error');
        expect(finding?.message).toMatch(/^nodes could not be listed, so room is not checked: .*refused/);
        await expect(checkCluster(objects, targetOf(objects))).rejects.toThrow(/refused/);
      } finally {
        process.env['KUBECONFIG'] = before;
      }
    },
    limit,
  );
});
