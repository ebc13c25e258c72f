import { afterAll, beforeAll, describe, jest } from '@jest/globals';
import { chromiumPath } from '../../examples/dashboard/browser.ts';
import { dashboardSuite } from './suites/dashboard.ts';
import { erasureSuite } from './suites/erasure.ts';
import { ingestSuite } from './suites/ingest.ts';
import { rightsSuite } from './suites/rights.ts';
import { searchSuite } from './suites/search.ts';
import { setUpSuite } from './suites/set-up.ts';
import { elasticsearchHome, type Server, startElasticsearch } from './support/elasticsearch.ts';
import { type Mounts, makeMounts, setUp } from './support/set-up.ts';

jest.setTimeout(180_000);

const home = elasticsearchHome();
const chromium = chromiumPath();
const withServer = home === undefined ? describe.skip : describe;

// Said aloud, so that a skipped test is not taken for a passed one.
if (home === undefined)
  process.stderr.write(
    'Tests against a real Elasticsearch are SKIPPED: build the test bed’s ' +
      'images first (test/lab), or set ELASTICSEARCH_HOME.\n',
  );
if (chromium === undefined)
  process.stderr.write('Tests of the drawn dashboard are SKIPPED: no chromium on this machine.\n');

withServer('against a real Elasticsearch', () => {
  let server: Server | undefined;
  let mounts: Mounts | undefined;

  beforeAll(async () => {
    server = await startElasticsearch(home ?? '');
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
  searchSuite(given);
  erasureSuite(given);
  ingestSuite(given);
  dashboardSuite(given, chromium);
});
