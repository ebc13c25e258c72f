// The whole way once: a Kubernetes (the current one, or one that is started), a cluster of Elasticsearch in it, the
// sample reviews in that, three questions asked, and where to look next.
import { join } from 'node:path';
import { command, progress, UserError } from '../scripts/lib/cli.ts';
import { kubectl } from '../scripts/lib/cluster/kubectl.ts';
import { show } from './show.ts';
import { clusterForDemo } from './start/cluster.ts';
import { DEFAULT_NAMESPACE, exists, withCluster } from './with-cluster.ts';

const ROOT = join(__dirname, '..');
const namespace = process.env['NAMESPACE'] || DEFAULT_NAMESPACE;
const tsx = (script: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<number> =>
  show(join(ROOT, 'node_modules/.bin/tsx'), [join(ROOT, script), ...args], env);

const must = async (what: string, code: Promise<number>): Promise<void> => {
  if ((await code) !== 0) throw new UserError(`${what} failed; see above`);
};

const setUpIsReady = async (): Promise<void> => {
  progress('Waiting until the index design is in place');
  const done = await kubectl(['-n', namespace, 'rollout', 'status', 'deployment/reviews-setup', '--timeout=300s'], {
    seconds: 310,
  });
  if (done.code !== 0)
    throw new UserError(`deployment/reviews-setup is not ready: kubectl -n ${namespace} logs deployment/reviews-setup`);
};

command(async () => {
  const started = await clusterForDemo();
  if (await exists(namespace, 'statefulset', 'elasticsearch')) progress(`There is a cluster in ${namespace}`);
  else if (namespace === DEFAULT_NAMESPACE) await must('deploying dev', tsx('scripts/deploy.ts', ['dev']));
  else throw new UserError(`there is no cluster in namespace ${namespace}; deploy one, or leave NAMESPACE out for dev`);
  await setUpIsReady();

  await withCluster(namespace, ['ingest', 'search'], async (env) => {
    progress('\nWriting the sample reviews, as user ingest, who can do nothing else');
    await must('loading the sample', tsx('examples/src/cli.ts', ['load'], env));
    progress('\nAsking, as user search, who can change nothing');
    // Written reviews can be found a second later.
    await new Promise((resolve) => setTimeout(resolve, 1500));
    await must('asking', tsx('examples/src/cli.ts', ['query'], env));
  });

  progress('\nWhere to look');
  if (await exists(namespace, 'service', 'kibana')) {
    const ofNamespace = `kubectl -n ${namespace}`;
    const page = 'https://localhost:5601/app/dashboards#/view/reviews';
    const login = '{{range $k, $v := .data}}{{$k}}={{$v | base64decode}} {{end}}';
    progress(
      `  Kibana: ${ofNamespace} port-forward service/kibana 5601, then ${page}\n` +
        `  as the user of: ${ofNamespace} get secret elasticsearch-user-analyst -o go-template='${login}'`,
    );
  }
  progress('  The same dashboard without Kibana, drawn into dist/dashboard/: make dashboard');
  progress('  How to write and ask: examples/README.md. How the index is made: docs/reviews.md');
  if (started !== undefined) progress(`\n${started}`);
});
