// Lets this node go at once, whatever it waits for:
// kubectl exec POD -c agent -- node /opt/elasticsearch/agent/let-go.ts
// For somebody who knows that what the hook waits for will not come. What the node holds may then be missing.

import { callAgent } from './call-agent.ts';

callAgent('POST', '/let-go');
