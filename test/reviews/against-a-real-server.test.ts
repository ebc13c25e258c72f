import { afterAll, beforeAll, jest } from '@jest/globals';
import { elasticsearch } from '../support/needs/elasticsearch.ts';
import { suiteNeeding } from '../support/needs/suite.ts';
import { dashboardSuite } from './suites/dashboard.ts';
import { doctorSuite } from './suites/doctor.ts';
import { erasureSuite } from './suites/erasure.ts';
import { ingestSuite } from './suites/ingest.ts';
import { logsSuite } from './suites/logs.ts';
import { probeSuite } from './suites/probe.ts';
import { rightsSuite } from './suites/rights.ts';
import { runbooksSuite } from './suites/runbooks.ts';
import { searchSuite } from './suites/search.ts';
import { setUpSuite } from './suites/set-up.ts';
import { storageSuite } from './suites/storage.ts';
import { type Server, startElasticsearch } from './support/elasticsearch.ts';
import { type Mounts, makeMounts, setUp } from './support/set-up.ts';

jest.setTimeout(180_000);

suiteNeeding('against a real Elasticsearch', [elasticsearch], () => {
  let server: Server | undefined;
  let mounts: Mounts | undefined;

  beforeAll(async () => {
    server = await startElasticsearch();
    mounts = await makeMounts(server);
    const run = await setUp(server, mounts);
    if (run.code !== 0) throw new Error(run.stdout);
    // Where there is no Node.js of the image's version yet, it comes from npm.
  }, 420_000);
  afterAll(async () => {
    mounts?.programs.remove();
    await server?.stop();
  });

  const given = (): { server: Server; mounts: Mounts } => {
    if (server === undefined || mounts === undefined) throw new Error('no server');
    return { server, mounts };
  };
  setUpSuite(given);
  rightsSuite(given);
  logsSuite(given);
  searchSuite(given);
  erasureSuite(given);
  ingestSuite(given);
  storageSuite(given);
  dashboardSuite(given);
  probeSuite(given);
  runbooksSuite(given);
  doctorSuite(given);
});
