// What `make deploy` says before it applies anything: who leaves, whose claims are there, and an older Elasticsearch.
// Before a real API server; nothing runs there, so claims are made here.
import { expect, test } from '@jest/globals';
import { besideTarget } from './support/beside-target.ts';
import { asAccount, must } from './support/kubectl.ts';

const limit = 240_000;
const inProd = ['-n', 'reviews'];

const claim = (ordinal: number): string =>
  JSON.stringify({
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name: `data-elasticsearch-${ordinal}`, namespace: 'reviews' },
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
  });

besideTarget('deploy', (bed) => {
  const generation = (): Promise<string> =>
    must([...inProd, 'get', 'statefulset', 'elasticsearch', '-o', 'jsonpath={.metadata.generation}']);
  const setTo = (patch: object): Promise<string> =>
    must([...inProd, 'patch', 'statefulset', 'elasticsearch', '-p', JSON.stringify({ spec: patch })]);
  const withImage = (tag: string): object => ({
    template: { spec: { containers: [{ name: 'elasticsearch', image: `elasticsearch:${tag}` }] } },
  });
  const before = (text: string, first: RegExp, second: string): void => {
    const at = text.search(first);
    expect(at).toBeGreaterThanOrEqual(0);
    expect(text.indexOf(second)).toBeGreaterThan(at);
  };

  test(
    'names the context before all else, and has nothing to say about a namespace that is not there yet',
    async () => {
      const { stderr } = await bed.copy.command('deploy', 'prod');
      expect(stderr).toMatch(/^Context test\n/);
      expect(stderr).toMatch(/ok +no node leaves, and no claim from before is taken/);
      expect(stderr).toContain('statefulset.apps/elasticsearch serverside-applied');
    },
    limit,
  );

  test(
    'warns of nodes that leave, and of claims that stay behind, before it applies',
    async () => {
      for (const ordinal of [0, 1, 2, 3, 4]) await must(['create', '-f', '-'], claim(ordinal));
      // The apply refuses to take this back, and says so behind the warning.
      await must([...inProd, 'scale', 'statefulset', 'elasticsearch', '--replicas=5']);
      const { stderr } = await bed.copy.command('deploy', 'prod');
      before(
        stderr,
        /warning replicas go from 5 to 3: elasticsearch-3, elasticsearch-4 leave for good/,
        'set by kubectl scale',
      );
      expect(stderr).toMatch(/data-elasticsearch-3, data-elasticsearch-4\) then stay without .*whenScaled: Retain/);
      await setTo({ replicas: 3 });
    },
    limit,
  );

  test(
    'warns of claims from before that new nodes would take, before it applies',
    async () => {
      await setTo({ replicas: 1 });
      const { stderr } = await bed.copy.command('deploy', 'prod');
      before(
        stderr,
        /warning replicas go from 1 to 3, and claims of new nodes are there already: data-elasticsearch-1, /,
        'set by kubectl patch',
      );
    },
    limit,
  );

  test(
    'applies no older Elasticsearch over a newer one, and one that can not be compared with a warning',
    async () => {
      await setTo(withImage('99.0.0'));
      const standing = await generation();
      const { code, stderr } = await bed.copy.command('deploy', 'prod');
      expect(code).toBe(1);
      expect(stderr).toMatch(
        /error +the image of Elasticsearch in the cluster is elasticsearch:99\.0\.0, .* which is older/,
      );
      expect(stderr).toContain('nothing was applied');
      expect(await generation()).toBe(standing);
      await setTo(withImage('latest'));
      const { stderr: second } = await bed.copy.command('deploy', 'prod');
      expect(second).toMatch(
        /warning the image of Elasticsearch in the cluster is elasticsearch:latest, .* can't be told/,
      );
      expect(second).not.toContain('nothing was applied');
    },
    limit,
  );

  test(
    'applies nothing where it may not look at what is there',
    async () => {
      const standing = await generation();
      await must(['create', 'serviceaccount', 'stranger', ...inProd]);
      const token = (await must(['create', 'token', 'stranger', ...inProd])).trim();
      await asAccount(bed.target, token, async () => {
        const { code, stderr } = await bed.copy.command('deploy', 'prod');
        expect(code).toBe(1);
        expect(stderr).toMatch(/error +StatefulSet reviews\/elasticsearch can't be looked at, .*orbidden/);
        expect(stderr).toContain('nothing was applied');
      });
      expect(await generation()).toBe(standing);
    },
    limit,
  );
});
