// What the agent thinks, how the cluster is as this node sees it, or the agent's metrics:
// kubectl exec POD -c agent -- node /opt/elasticsearch/agent/show.ts status (or health, or metrics)

import { callAgent } from './call-agent.ts';

const [, , what = 'status'] = process.argv;
if (what === 'status' || what === 'health' || what === 'metrics') callAgent('GET', `/${what}`);
else {
  process.stderr.write(`'${what}' cannot be shown: say status, health or metrics\n`);
  process.exitCode = 2;
}
