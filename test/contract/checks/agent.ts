// What the sidecar and the scripts that wait for it need of a node. There is no API server here: the agent can make no
// cluster known, so it stops just before it would admit the node, and a stop counts as a restart.
import { at, type Check, first, type Image, same } from '../check.ts';

const scripts = '/opt/elasticsearch-lifecycle';
const folder = '/run/agent';
const understoodSeconds = 30;

/** Both questions of the node are answered by then: its health and, with it, the picture of the cluster. */
const lastStep = 'cannot write ConfigMap elasticsearch-formed (forbidden';
/** The hook's reason, by the agent: a picture with one member. */
const hooksReason = 'leaving: a cluster of 1 cannot spare a node anyway';

const exec = async (image: Image, script: string): Promise<string> => {
  const { pod } = await image.node();
  return (await pod.exec(script)).output.trim();
};

export const agentChecks: readonly Check[] = [
  {
    name: 'readiness-probe',
    fact:
      'Its bash reaches TCP ports, and a node with a master listens on readiness.port: ' +
      'the probe fails before its start is admitted, and passes afterwards',
    source: at('server/src/main/java/org/elasticsearch/readiness/ReadinessService.java'),
    run: async (image) => {
      // In the place of the agent, and taken back: it would overlook a node that is admitted.
      const script = `probe() { bash ${scripts}/ready.sh; echo "$?"; }
        probe
        admitted=${folder}/admitted/$(< ${folder}/start)
        mkdir -p ${folder}/admitted && : > "$admitted"
        probe
        rm "$admitted"
        probe`;
      return same('what it ends with', await exec(image, script), '1\n0\n1');
    },
  },
  {
    name: 'answers-to-the-agent',
    fact: 'What it answers about itself, its health and the state of the cluster holds all that the agent reads of it',
    source: at('server/src/main/java/org/elasticsearch/rest/action/admin/cluster/RestClusterStateAction.java'),
    run: async (image) => {
      await exec(image, `bash ${scripts}/ready.sh`);
      const end = Date.now() + understoodSeconds * 1000;
      for (;;) {
        const status = await exec(image, `curl -s -m 10 --unix-socket ${folder}/agent.sock http://agent/status`);
        if (status.includes(lastStep)) return undefined;
        if (Date.now() > end) return `the agent comes no further than ${status}`;
        await new Promise((resolve) => setTimeout(resolve, 1000));
      }
    },
  },
  {
    name: 'pre-stop-hook',
    fact: 'Its curl asks Unix sockets, and a hook may write to /proc/1/fd/1, which is the log of the container',
    source: at('distribution/docker/src/docker/dockerfiles/default/Dockerfile'),
    run: async (image) => {
      const found = await exec(image, `bash ${scripts}/pre-stop.sh; echo "$?"`);
      const { stdout } = await (await image.node()).pod.logs();
      return first(
        same('what the hook says and ends with', found, '0'),
        stdout.includes(hooksReason) ? undefined : `the log lacks "${hooksReason}"`,
      );
    },
  },
];
