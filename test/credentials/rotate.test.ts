// The command itself: what it asks for, and how it follows.
import { join } from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { root } from '../../scripts/lib/paths.ts';
import { run } from '../../scripts/lib/process.ts';
import { forward } from '../support/forward.ts';
import { kubectl } from '../support/needs/programs.ts';
import { TestServer } from '../support/test-server.ts';
import { besideCluster } from './support/beside-cluster.ts';
import { Place } from './support/place.ts';

besideCluster('the command, at a real API server with the program at work', [kubectl], (server) => {
  let place: Place;
  beforeAll(async () => {
    place = await Place.make(server(), 'reviews');
    place.twoUsers();
    place.write('kubeconfig', server().kubeconfig());
    await place.putCertificates();
  }, 150_000);

  const rotate = (env: Record<string, string> = {}) =>
    run(process.execPath, [join(root, 'node_modules/.bin/tsx'), join(root, 'scripts/rotate.ts'), 'prod'], {
      cwd: root,
      env: { ...process.env, FORM: 'exec', KUBECONFIG: place.path('kubeconfig'), TIMEOUT: '60', ...env },
      seconds: 150,
    });

  test('says that there is nothing to rotate before a deployment', async () => {
    const { code, stderr } = await rotate();
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringContaining(
        'there is no Secret elasticsearch-users in namespace reviews: deploy the overlay first',
      ),
    });
  }, 600_000);

  test('asks for nothing at all where one of its wishes cannot be had', async () => {
    await place.look();
    const before = await place.versions();
    const { code, stderr } = await rotate({ AUTHORITY: '1' });
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringContaining('no authority to renew here. Nothing was asked for'),
    });
    expect(await place.versions()).toEqual(before);
  }, 600_000);

  test('asks, shows each step and ends when the old passwords do', async () => {
    await place.look();
    const before = await place.mustHave('elasticsearch-user-ingest');
    // What waits for the cluster is tried elsewhere.
    await place.remove('elasticsearch-user-elastic');
    await place.put('elasticsearch-user-elastic', { username: 'elastic', password: 'of somebody else' });
    const pod = place.start({ LOOK_AGAIN_SECONDS: '1', SPREAD_SECONDS: '8', KEEP_PREVIOUS_SECONDS: '40' });
    try {
      const { code, stderr } = await rotate();
      const lines = stderr
        .split('\n')
        .map((line) => line.replace(/^\[ *\d+ s\] /, '').replace(/until 20.*/, 'until then'));
      expect({ code, lines }).toEqual({ code: 0, lines: expect.arrayContaining(['Done']) });
      const steps = [
        'Asked for new passwords of all users',
        'The certificate of the nodes is not renewed here: somebody else makes it (Secret elasticsearch-tls)',
        'The certificate of Kibana is not renewed here: somebody else makes it (Secret kibana-tls)',
        'asked for; the credentials Deployment looks every half minute',
        'new logins are on their way to every node; nobody uses them yet',
        'programs have new logins; the old ones are accepted until then',
        'Made by somebody else, and to be renewed there: elasticsearch-user-elastic',
        'programs have new logins; the old ones are not accepted any more',
        'Done',
      ];
      expect(lines.filter((line) => steps.includes(line))).toEqual(steps);
    } finally {
      pod.end();
      await pod.done;
    }
    const { data } = await place.mustHave('elasticsearch-user-ingest');
    expect(data['username']).toBe('ingest-b');
    expect(data['password']).not.toBe(before.data['password']);
  }, 300_000);

  test('where nobody does the work, says so in time', async () => {
    const { code, stderr } = await rotate({ TIMEOUT: '4' });
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringContaining('not done after 4 s; it goes on without this command'),
    });
    expect(stderr).toContain('does the Deployment credentials run?');
    const again = await rotate({ TIMEOUT: '4' });
    expect(again.stderr).toContain('A rotation is under way already: watching it');
  }, 300_000);

  test('does not watch what begins tomorrow', async () => {
    await place.annotate('elasticsearch-users', 'previous-ends', new Date(Date.now() + 86_400_000).toISOString());
    for (const secret of ['elasticsearch-tls', 'kibana-tls']) await place.annotate(secret, 'rotate', null);
    expect(await rotate({ TIMEOUT: '60' })).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('Asked for, and not to be watched: new logins begin when the last ones end, at '),
    });
  }, 300_000);

  test('a leak does not wait for the end of the logins that a rotation waits for', async () => {
    const revoked = await rotate({ TIMEOUT: '4', REVOKE: '1' });
    expect(revoked.stderr).toContain('Asked for new passwords of all users');
    expect((await place.mustHave('elasticsearch-users')).notes['rotate']).toBe('revoke');
    const again = await rotate({ TIMEOUT: '4', REVOKE: '1' });
    expect(again.stderr).toContain('A rotation is under way already: watching it');
  }, 300_000);

  test('goes on where the API server is away for a moment, and fails where a wish was not heard', async () => {
    await place.annotate('elasticsearch-users', 'rotate', null);
    await place.annotate('elasticsearch-users', 'phase', 'switching');
    await place.annotate('elasticsearch-users', 'previous-ends', null);
    let looks = 0;
    const between = await TestServer.start(() => async (call) => {
      const isLook = call.path.endsWith('/secrets/elasticsearch-users');
      if (isLook) looks += 1;
      if (isLook && looks === 2) return { status: 503, body: 'away' };
      if (isLook && looks === 4) {
        await place.annotate('elasticsearch-users', 'rotated', '2026-11-24T11:59:00Z');
        await place.annotate('elasticsearch-users', 'left-out', 'ingest');
        await place.annotate('elasticsearch-users', 'phase', null);
      }
      return forward(server().port, call);
    });
    const config = JSON.parse(server().kubeconfig()) as { clusters: unknown[] };
    const cluster = { server: `https://127.0.0.1:${between.port}`, 'insecure-skip-tls-verify': true };
    place.write('between', JSON.stringify({ ...config, clusters: [{ name: 'test', cluster }] }));
    try {
      const { code, stderr } = await rotate({ KUBECONFIG: place.path('between'), REVOKE: '1' });
      expect(stderr).toContain('could not look, trying again: kubectl -n reviews get secret elasticsearch-users');
      expect({ code, stderr }).toEqual({
        code: 1,
        stderr: expect.stringMatching(
          /Error: REVOKE=1 was not heard, .* run this again; nothing was revoked of elasticsearch-user-ingest: /,
        ),
      });
    } finally {
      await between.stop();
    }
  }, 300_000);
});
