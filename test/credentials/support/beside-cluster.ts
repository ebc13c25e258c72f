// A suite of tests with what the credentials see of a Kubernetes cluster: its API server and its DNS.
import { afterAll, beforeAll } from '@jest/globals';
import { agentNode } from '../../agent/support/node.ts';
import type { ApiServer } from '../../support/api-server.ts';
import { besideApiServer } from '../../support/beside-api-server.ts';
import type { Need } from '../../support/needs/need.ts';
import { coreDns } from '../../support/needs/programs.ts';
import { Dns } from './dns.ts';

export const besideCluster = (name: string, needs: readonly Need[], suite: (server: () => ApiServer) => void): void =>
  besideApiServer(name, [...needs, coreDns], (server) => {
    let dns: Dns | undefined;
    beforeAll(async () => {
      dns = await Dns.start(server());
      // Where there is no Node.js such as the image's yet, it comes from npm, which may take longer than a test.
      await agentNode();
    }, 260_000);
    suite(server);
    afterAll(() => dns?.stop());
  });
