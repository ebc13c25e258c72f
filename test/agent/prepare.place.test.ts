// What a node's own configuration says of the machine that it runs on.
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { freePort } from '../support/free-port.ts';
import { labelled, Preparing } from './support/preparing.ts';

let node: Preparing;
beforeEach(async () => {
  node = await Preparing.start();
});
afterEach(() => node.end());

describe('vm.max_map_count', () => {
  test('too low, is refused with the node, the value, and the remedies', async () => {
    node.write('max_map_count', '65530\n');
    expect(await node.refusal()).toMatch(
      /^vm.max_map_count is 65530 on Kubernetes node node-a, Elasticsearch needs at least 262144.*node-sysctl/,
    );
  });

  test.each([['node.store.allow_mmap: false # small\n'], ['node:\n  store: {allow_mmap: "false"}\n']])(
    'too low, does not matter with %j',
    async (text) => {
      node.write('max_map_count', '65530\n');
      node.write('settings/small.yml', text);
      await node.run();
    },
  );

  test('just enough, is enough', async () => {
    node.write('max_map_count', '262144\n');
    await node.run();
  });
});

describe('the zone', () => {
  test('is asked for again while the network of the new pod is not open yet', async () => {
    const answer = node.handler;
    let asked = 0;
    node.handler = (call) => ((asked += 1) <= 2 ? { status: 503 } : answer(call));
    expect((await node.run({ ZONE: '' })).said).not.toContain('WARN');
    expect(node.settings()).toContain('node.attr.zone: zone-b\n');
  });

  test('is unknown when nobody answers for long, and the node starts all the same', async () => {
    node.handler = () => ({ status: 503 });
    const { said, waited } = await node.run({ ZONE: '' });
    expect(said).toMatch(
      /WARN the zone of Kubernetes node node-a is unknown \(.*HTTP 503\): the API server had no time/,
    );
    expect(said).not.toContain('zone-lookup');
    expect(node.settings()).toContain('node.attr.zone: unknown\n');
    expect(waited).toBe(30);
  });

  test.each([
    ['is named', { KUBERNETES_SERVICE_HOST: '', KUBERNETES_SERVICE_PORT: '' }, 'KUBERNETES_SERVICE_HOST is not set'],
    ['has given this pod a token', { ACCOUNT: '/nowhere' }, 'no token in /nowhere/token'],
  ])('is unknown at once where no API server %s, and the first start goes on', async (_, changes, reason) => {
    const { said, waited } = await node.run({ ...changes, ZONE: '' }, true);
    expect(said).toContain('WARN the zone of Kubernetes node node-a is unknown (GET /api/v1/nodes/node-a: ' + reason);
    expect(said).toContain('first start, with the voters elasticsearch-0,elasticsearch-1,elasticsearch-2');
    expect(node.settings()).toContain('node.attr.zone: unknown\n');
    expect(waited).toBe(0);
    expect(node.calls).toEqual([]);
  });

  test('is unknown, and no right is said to be missing, where nothing lets the connection through', async () => {
    const { said, waited } = await node.run({ ZONE: '', KUBERNETES_SERVICE_PORT: String(await freePort()) });
    expect(said).toMatch(
      /is unknown \(.*ECONNREFUSED\): the API server did not answer\. Does a network policy, or a mesh/,
    );
    expect(said).not.toContain('zone-lookup');
    expect(waited).toBe(30);
  });

  test('that is missing from the node, or may not be looked up, gives a warning at once', async () => {
    node.handler = labelled({});
    expect((await node.run({ ZONE: '' })).said).toContain('WARN Kubernetes node node-a has no label');
    node.handler = () => ({ status: 403, body: { message: 'nodes is forbidden' } });
    const { said, waited } = await node.run({ ZONE: '' });
    expect(said).toMatch(/HTTP 403 nodes is forbidden\): .*add components\/zone-lookup to the overlay/);
    expect(waited).toBe(0);
  });

  test('is forced among the known ones, and one outside of them is named', async () => {
    expect((await node.run({ AWARENESS_ZONES: 'zone-a,zone-b' })).said).not.toContain('WARN');
    expect(node.settings()).toContain('cluster.routing.allocation.awareness.force.zone.values: zone-a,zone-b\n');
    expect((await node.run({ AWARENESS_ZONES: 'zone-aa,zone-b' })).said).toContain(
      "WARN this node is in zone 'zone-a'",
    );
  });
});
