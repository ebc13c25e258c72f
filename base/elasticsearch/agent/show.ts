// What the agent thinks, or how the cluster is as this node sees it:
// kubectl exec POD -c agent -- node /opt/elasticsearch-agent/show.ts status (or health)

import { callAgent } from './call-agent.ts';

const [, , what = 'status'] = process.argv;
if (what === 'status' || what === 'health') callAgent('GET', `/${what}`);
else {
  process.stderr.write(`'${what}' cannot be shown: say status or health\n`);
  process.exitCode = 2;
}
