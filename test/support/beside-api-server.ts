// A suite of tests with an API server of its own.
import { afterAll, beforeAll } from '@jest/globals';
import { ApiServer } from './api-server.ts';
import type { Need } from './needs/need.ts';
import { apiServer } from './needs/programs.ts';
import { suiteNeeding } from './needs/suite.ts';

/** The server is there from the suite's own first hook on, and until after its last one. */
export const besideApiServer = (name: string, needs: readonly Need[], suite: (server: () => ApiServer) => void): void =>
  suiteNeeding(name, [apiServer, ...needs], () => {
    let server: ApiServer | undefined;
    beforeAll(async () => {
      server = await ApiServer.start();
    }, 150_000);
    suite(() => {
      if (server === undefined) throw new Error('asked for the API server before it was started');
      return server;
    });
    afterAll(() => server?.stop());
  });
