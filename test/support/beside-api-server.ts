// A suite of tests with an API server of its own.
import { afterAll, beforeAll, describe } from '@jest/globals';
import { ApiServer, hasApiServer } from './api-server.ts';

/**
 * Skipped where this machine lacks the lab's binaries, or one of the programs and folders that the suite needs beside
 * them (undefined). The server is there from the suite's own first hook on, and until after its last one.
 */
export const besideApiServer = (
  name: string,
  needs: readonly (string | undefined)[],
  suite: (server: () => ApiServer) => void,
): void => {
  const has = hasApiServer && !needs.includes(undefined);
  (has ? describe : describe.skip)(name, () => {
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
};
