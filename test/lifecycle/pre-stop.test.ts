import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { elasticsearch, type ClusterFacts } from './support/elasticsearch.ts';
import { kubernetes, type KubernetesFacts } from './support/kubernetes.ts';
import { Pod } from './support/pod.ts';

let pod: Pod;
let cluster: ClusterFacts;
let facts: KubernetesFacts;

const start = async (name: string): Promise<void> => {
  pod = await Pod.start(name);
  pod.onElasticsearch = elasticsearch(() => cluster);
  pod.onKubernetes = kubernetes(facts);
  Object.assign(pod.env, {
    PRE_STOP_SPARE_SECONDS: '30',
    PRE_STOP_MOVE_SECONDS: '30',
    PRE_STOP_BLIND_SECONDS: '1',
    PRE_STOP_DRAIN_SECONDS: '0',
    READY_STALL_SECONDS: '1',
  });
};
beforeEach(() => {
  facts = { replicas: 3 };
  cluster = {};
});
afterEach(() => pod.stop());

const stop = async (env: Record<string, string> = {}): Promise<string> => {
  const { code, stdout, stderr } = await pod.run('pre-stop.sh', env);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return stdout;
};

/** Changes the world when the hook asks for shards or voters the so-many-th time. */
const after = (requests: number, change: () => void): void => {
  const handler = pod.onElasticsearch;
  let seen = 0;
  pod.onElasticsearch = (call) => {
    if (/^\/_cat\/shards|^\/_cluster\/state\/master_node/.test(call.path)) seen += 1;
    if (seen === requests) change();
    return handler(call);
  };
};
const both = ['load-0 0 STARTED elasticsearch-1', 'load-0 0 STARTED elasticsearch-2'];
const changes = (): string[] => pod.elasticsearch.calls.filter(({ method }) => method !== 'GET').map(({ method, path, body }) => `${method} ${path} ${body}`.trim());

describe('when the whole StatefulSet goes', () => {
  beforeEach(() => start('elasticsearch-1'));

  test.each([
    ['scaled to nothing', { replicas: 0 }],
    ['being deleted', { replicas: 3, deleted: true }],
    ['gone', { replicas: undefined }],
  ])('%s, it leaves at once', async (_, now) => {
    Object.assign(facts, now);
    expect(await stop()).toContain('leaving at once: the whole StatefulSet goes');
    expect(pod.elasticsearch.calls).toEqual([]);
  });
});

describe('a restart', () => {
  beforeEach(() => start('elasticsearch-1'));

  test('waits until another node has started a copy of each shard', async () => {
    cluster = { shards: ['load-0 0 STARTED elasticsearch-1', 'load-0 0 INITIALIZING elasticsearch-2', 'load-1 0 STARTED elasticsearch-1', 'load-1 0 UNASSIGNED '] };
    after(3, () => {
      cluster = { shards: [...both, 'load-1 0 STARTED elasticsearch-1', 'load-1 0 STARTED elasticsearch-0'] };
    });
    const said = await stop();
    expect(said).toContain('waiting: too few other started copies of load-0/0 load-1/0');
    expect(said).toContain('leaving for a restart after');
    expect(facts.lease?.holder).toBe('elasticsearch-1');
  });

  test('waits for two others of three copies: writes may wait for two', async () => {
    const two = ['load-0 0 STARTED elasticsearch-1', 'load-0 0 STARTED elasticsearch-2'];
    cluster = { shards: [...two, 'load-0 0 INITIALIZING elasticsearch-0'] };
    after(3, () => {
      cluster = { shards: [...two, 'load-0 0 STARTED elasticsearch-0'] };
    });
    const said = await stop();
    expect(said).toContain('waiting: too few other started copies of load-0/0');
    expect(said).toContain('leaving for a restart after');
  });

  test('is not held back by a fourth copy, which fits on none of three nodes', async () => {
    cluster = { shards: ['load-0 0 STARTED elasticsearch-0', ...both, 'load-0 0 UNASSIGNED'] };
    expect(await stop()).toContain('leaving for a restart after');
  });

  test('is not held back by an index without replicas, which nobody could spare ever', async () => {
    cluster = { shards: ['single 0 STARTED elasticsearch-1', ...both] };
    expect(await stop()).toContain('leaving for a restart after');
  });

  test('waits for a majority of the voters without this node', async () => {
    cluster = { members: ['elasticsearch-0', 'elasticsearch-1'], voters: ['elasticsearch-0', 'elasticsearch-1', 'elasticsearch-2'], shards: [] };
    after(3, () => {
      cluster = {};
    });
    const said = await stop();
    expect(said).toContain('waiting: without this node the voters that are here are no majority');
    expect(said).toContain('leaving for a restart after');
  });

  test('does not take half of the voters for a majority', async () => {
    const voters = ['elasticsearch-0', 'elasticsearch-1', 'elasticsearch-2', 'elasticsearch-3'];
    cluster = { voters, members: ['elasticsearch-0', 'elasticsearch-1', 'elasticsearch-2'] };
    expect(await stop({ PRE_STOP_SPARE_SECONDS: '1' })).toContain('1 s have passed, although: waiting: without this node');
  });

  test('does not count nodes without a vote', async () => {
    cluster = { members: ['elasticsearch-0', 'elasticsearch-1', 'elasticsearch-3', 'elasticsearch-4'], voters: ['elasticsearch-0', 'elasticsearch-1', 'elasticsearch-2'] };
    expect(await stop({ PRE_STOP_SPARE_SECONDS: '1' })).toContain('1 s have passed, although: waiting: without this node');
  });

  test('waits while another one restarts', async () => {
    facts.lease = { holder: 'elasticsearch-2', renewed: new Date().toISOString(), manager: 'elasticsearch-2', version: 1 };
    after(3, () => {
      facts.lease = { holder: '', renewed: '', manager: 'elasticsearch-2', version: 2 };
    });
    const said = await stop();
    expect(said).toContain('waiting: elasticsearch-2 restarts');
    expect(facts.lease.holder).toBe('elasticsearch-1');
  });

  test('takes the turn over from one that has given no sign for long', async () => {
    facts.lease = { holder: 'elasticsearch-2', renewed: new Date(Date.now() - 181_000).toISOString(), manager: 'elasticsearch-2', version: 1 };
    expect(await stop()).toContain('took the turn over from elasticsearch-2');
    expect(facts.lease.holder).toBe('elasticsearch-1');
  });

  test('does not take the turn over from one that another has taken over meanwhile', async () => {
    facts.lease = { holder: 'elasticsearch-2', renewed: new Date(Date.now() - 181_000).toISOString(), manager: 'elasticsearch-2', version: 1 };
    const handler = pod.onKubernetes;
    pod.onKubernetes = (call) => {
      if (call.path.includes('force=true')) facts.lease = { holder: 'elasticsearch-0', renewed: new Date().toISOString(), manager: 'elasticsearch-0', version: 2 };
      return handler(call);
    };
    expect(await stop({ PRE_STOP_SPARE_SECONDS: '2' })).toContain('waiting: elasticsearch-0 restarts');
    expect(facts.lease.holder).toBe('elasticsearch-0');
  });

  test('renews its turn while it asks, so that nobody takes it over', async () => {
    cluster = { shards: both };
    await stop();
    const first = facts.lease?.renewed ?? '';
    await stop();
    expect(Date.parse(facts.lease?.renewed ?? '')).toBeGreaterThan(Date.parse(first));
  });

  describe('of the elected master', () => {
    beforeEach(() => {
      cluster = { master: 'elasticsearch-1', shards: both };
      const handler = pod.onElasticsearch;
      pod.onElasticsearch = (call) => {
        const answer = handler(call);
        if (!call.path.startsWith('/_cluster/voting_config_exclusions') || (answer?.status ?? 200) !== 200) return answer;
        cluster = call.method === 'POST' ? { ...cluster, master: 'elasticsearch-2', votesGivenUp: ['elasticsearch-1'] } : { ...cluster, votesGivenUp: [] };
        return answer;
      };
    });

    test('hands the cluster over first, and has its vote again', async () => {
      const said = await stop();
      expect(said).toMatch(/handed the cluster over to elasticsearch-2\n.*leaving for a restart after/);
      expect(changes()).toEqual([
        'POST /_cluster/voting_config_exclusions?node_names=elasticsearch-1&timeout=10s',
        'DELETE /_cluster/voting_config_exclusions?wait_for_removal=false',
      ]);
    });

    test('does not, while others give up their votes, which it would give back', async () => {
      cluster = { ...cluster, votesGivenUp: ['elasticsearch-4'] };
      expect(await stop()).toContain('leaving for a restart after');
      expect(changes()).toEqual([]);
    });

    test('happens all the same when nobody takes over', async () => {
      cluster = { ...cluster, voteAnswer: { status: 400, body: { error: { reason: 'nobody else may be elected' }, status: 400 } } };
      expect(await stop()).toMatch(/stops as the elected master: HTTP 400 nobody else may be elected\n.*leaving for a restart after/);
    });
  });

  test('is bounded', async () => {
    cluster = { shards: ['load-0 0 STARTED elasticsearch-1', 'load-0 0 UNASSIGNED '] };
    expect(await stop({ PRE_STOP_SPARE_SECONDS: '1' })).toContain('leaving: 1 s have passed, although: waiting: too few other started copies of load-0/0');
  });

  test.each([1, 2])('of a cluster of %d does not wait, since it cannot be spared anyway', async (replicas) => {
    facts.replicas = replicas;
    cluster = { shards: ['load-0 0 STARTED elasticsearch-1', 'load-0 0 UNASSIGNED '] };
    // with one replica this pod, ordinal 1, would leave for good
    if (replicas === 1) {
      await pod.stop();
      await start('elasticsearch-0');
    }
    expect(await stop()).toContain(`a cluster of ${replicas} cannot spare a node anyway`);
  });

  test('leaves time for clients and proxies to notice', async () => {
    const begin = Date.now();
    await stop({ PRE_STOP_DRAIN_SECONDS: '2' });
    expect(Date.now() - begin).toBeGreaterThan(1900);
  });
});

describe('without answers', () => {
  beforeEach(() => start('elasticsearch-1'));

  test.each([
    ['Elasticsearch refuses the password', () => { pod.onElasticsearch = () => ({ status: 401 }); }, 'HTTP 401'],
    ['Elasticsearch has no master', () => { pod.onElasticsearch = () => ({ status: 503 }); }, 'HTTP 503'],
    ['Elasticsearch is dead', () => { pod.env['ES_URL'] = 'https://localhost:1'; }, 'HTTP 000'],
    ['the API server refuses the account', () => { facts.refuse = 403; }, 'HTTP 403'],
  ])('when %s, it does not wait for long', async (_, change, reason) => {
    change();
    expect(await stop()).toContain(`leaving: no usable answer for 1 s (${reason})`);
  });

  test('when this node only knows what was before the master was lost, it takes that for no answer', async () => {
    cluster = { masterless: true, shards: ['load-0 0 STARTED elasticsearch-1', 'load-0 0 UNASSIGNED'] };
    const said = await stop();
    expect(said).toContain('waiting: no master is elected');
    expect(said).toContain('leaving: no usable answer for 1 s (HTTP 503)');
  });

  test('for a moment, it goes on waiting', async () => {
    const handler = pod.onElasticsearch;
    let asked = 0;
    pod.onElasticsearch = (call) => ((asked += 1) <= 3 ? { status: 503 } : handler(call));
    expect(await stop({ PRE_STOP_BLIND_SECONDS: '20' })).toContain('leaving for a restart after');
  });
});

describe('leaving for good', () => {
  const five = ['elasticsearch-0', 'elasticsearch-1', 'elasticsearch-2', 'elasticsearch-3', 'elasticsearch-4'];
  beforeEach(() => {
    cluster = { members: five, shards: ['load-0 0 STARTED elasticsearch-0', 'load-0 0 STARTED elasticsearch-1'] };
    return start('elasticsearch-4');
  });

  test('excludes all that leave by one string, which is the same from each of them', async () => {
    await stop();
    expect(changes()[0]).toBe('PUT /_cluster/settings {"persistent":{"cluster.routing.allocation.exclude._name":"elasticsearch-3,elasticsearch-4"}}');
  });

  test.each([3, 4])('goes for elasticsearch-%d of three wanted', async (ordinal) => {
    await pod.stop();
    await start(`elasticsearch-${ordinal}`);
    expect(await stop()).toContain('leaving for good after');
  });

  test('stays a farewell when the API server falls silent, or forgets the token, on the way', async () => {
    cluster = { ...cluster, shards: ['load-0 0 STARTED elasticsearch-4', 'load-0 0 STARTED elasticsearch-3'] };
    after(2, () => {
      pod.onKubernetes = () => ({ status: 401 });
    });
    after(5, () => {
      cluster = { ...cluster, shards: ['load-0 0 STARTED elasticsearch-0', 'load-0 0 STARTED elasticsearch-3'] };
    });
    expect(await stop()).toContain('the data has moved, the vote is given up');
    expect(changes().at(-1)).toContain('POST /_cluster/voting_config_exclusions?node_names=elasticsearch-4');
  });

  test('waits longer than without an answer while Elasticsearch is too busy for one', async () => {
    const answer = pod.onElasticsearch;
    const end = Date.now() + 2500;
    pod.onElasticsearch = (call) => (Date.now() < end ? { status: 429 } : answer(call));
    expect(await stop()).toContain('leaving for good after');
  });

  test('is told by the place in the StatefulSet, whatever number that begins with', async () => {
    await pod.stop();
    facts = { replicas: 3, start: 5 };
    await start('elasticsearch-7');
    cluster = { members: ['elasticsearch-5', 'elasticsearch-6', 'elasticsearch-7'], shards: ['load-0 0 STARTED elasticsearch-7', 'load-0 0 STARTED elasticsearch-6'] };
    expect(await stop()).toContain('leaving for a restart after');
    expect(changes()).toEqual([]);
  });

  test('does not write what is written already', async () => {
    cluster = { ...cluster, excluded: 'elasticsearch-3,elasticsearch-4' };
    await stop();
    expect(changes().some((change) => change.startsWith('PUT'))).toBe(false);
  });

  test('waits until its shards have moved to a node that stays, then gives up its vote', async () => {
    cluster = { ...cluster, shards: ['load-0 0 RELOCATING elasticsearch-4', 'load-0 0 STARTED elasticsearch-3'] };
    after(3, () => {
      cluster = { ...cluster, shards: ['load-0 0 STARTED elasticsearch-0', 'load-0 0 STARTED elasticsearch-3'] };
    });
    const said = await stop();
    expect(said).toContain('leaving for good: 1 shards are still here');
    expect(said).toContain('the data has moved, the vote is given up');
    expect(changes().at(-1)).toBe('POST /_cluster/voting_config_exclusions?node_names=elasticsearch-4&timeout=20s');
  });

  test.each([
    ['the last copy', ['load-0 0 STARTED elasticsearch-4']],
    ['the last started copy', ['load-0 0 STARTED elasticsearch-4', 'load-0 0 INITIALIZING elasticsearch-1']],
    ['one whose only other copy leaves as well', ['load-0 0 STARTED elasticsearch-4', 'load-0 0 STARTED elasticsearch-3']],
  ])('does not leave with %s', async (_, shards) => {
    cluster = { ...cluster, shards };
    const said = await stop({ PRE_STOP_MOVE_SECONDS: '3' });
    expect(said).toContain('leaving: 3 s have passed, although: leaving for good: 1 shards are still here');
    // The data comes back with its disk, but without this vote the others might never elect a master again.
    expect(changes().at(-1)).toContain('POST /_cluster/voting_config_exclusions?node_names=elasticsearch-4');
  });

  test('leaves a copy that fits nowhere else, when another one stays in the cluster', async () => {
    cluster = { ...cluster, shards: ['load-0 0 STARTED elasticsearch-4', 'load-0 0 STARTED elasticsearch-1'] };
    expect(await stop()).toContain('the data has moved, the vote is given up');
  });

  test.each([
    ['anything moves', { relocating: 1 }],
    ['anything recovers', { initializing: 1 }],
    ['a node is away that it could move to', { members: ['elasticsearch-0', 'elasticsearch-1', 'elasticsearch-3', 'elasticsearch-4'] }],
  ])('does not take a copy for one that fits nowhere while %s', async (_, now) => {
    cluster = { ...cluster, shards: ['load-0 0 STARTED elasticsearch-4', 'load-0 0 STARTED elasticsearch-1'], ...now };
    expect(await stop({ PRE_STOP_MOVE_SECONDS: '3' })).toContain('leaving: 3 s have passed, although');
  });

  test('of more than two copies leaves two in the cluster', async () => {
    cluster = { ...cluster, shards: ['load-0 0 STARTED elasticsearch-4', 'load-0 0 STARTED elasticsearch-1', 'load-0 0 STARTED elasticsearch-3'] };
    expect(await stop({ PRE_STOP_MOVE_SECONDS: '3' })).toContain('leaving: 3 s have passed, although');
  });

  test('of a pod below the first wanted one, too', async () => {
    await pod.stop();
    facts = { replicas: 3, start: 1 };
    await start('elasticsearch-0');
    cluster = { members: ['elasticsearch-0', 'elasticsearch-1', 'elasticsearch-2', 'elasticsearch-3'] };
    expect(await stop()).toContain('leaving for good after');
    expect(changes()[0]).toContain('"cluster.routing.allocation.exclude._name":"elasticsearch-0"');
  });

  test('does not go while no master is elected, and says so', async () => {
    const handler = pod.onElasticsearch;
    let asked = 0;
    pod.onElasticsearch = (call) => ((asked += 1) <= 6 ? { status: 503 } : handler(call));
    const said = await stop();
    expect(said).toContain('leaving for good: no master is elected, so nothing can move');
    expect(said).toContain('the data has moved, the vote is given up');
  });

  test('does not go while its vote is needed, and says so', async () => {
    cluster = { ...cluster, voteAnswer: { status: 400, body: { error: { reason: 'these nodes would be no cluster' }, status: 400 } } };
    expect(await stop({ PRE_STOP_MOVE_SECONDS: '2' })).toContain('the vote cannot be given up yet (HTTP 400): these nodes would be no cluster');
  });

  test('that turns into a restart has the whole time of one', async () => {
    cluster = { ...cluster, shards: ['load-0 0 STARTED elasticsearch-4', 'load-0 0 STARTED elasticsearch-3'] };
    const handler = pod.onElasticsearch;
    const begin = Date.now();
    pod.onElasticsearch = (call) => {
      const seconds = (Date.now() - begin) / 1000;
      if (seconds > 3) facts.replicas = 5;
      // For a second after that nobody could spare this node.
      cluster = { ...cluster, shards: ['load-0 0 STARTED elasticsearch-4', seconds > 4 ? 'load-0 0 STARTED elasticsearch-3' : 'load-0 0 INITIALIZING elasticsearch-3'] };
      return handler(call);
    };
    expect(await stop({ PRE_STOP_SPARE_SECONDS: '3' })).toContain('leaving for a restart after');
  });

  test('turns into a restart when the node is wanted again meanwhile', async () => {
    cluster = { ...cluster, shards: ['load-0 0 STARTED elasticsearch-4', 'load-0 0 STARTED elasticsearch-3'] };
    after(2, () => {
      facts.replicas = 5;
    });
    expect(await stop()).toContain('leaving for a restart after');
  });
});
