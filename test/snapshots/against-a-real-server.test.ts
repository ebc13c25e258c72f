// The program before a real Elasticsearch, with repositories in a folder.
import { afterAll, beforeAll, beforeEach, jest } from '@jest/globals';
import { removeAll } from '../reviews/support/reviews.ts';
import { elasticsearch } from '../support/needs/elasticsearch.ts';
import { suiteNeeding } from '../support/needs/suite.ts';
import { drillSuite } from './suites/drill.ts';
import { programSuite } from './suites/program.ts';
import { repositorySuite } from './suites/repository.ts';
import { restoreSuite } from './suites/restore.ts';
import { rightsSuite } from './suites/rights.ts';
import { snapshotSuite } from './suites/snapshot.ts';
import { type Place, startPlace } from './support/place.ts';
import { Scene } from './support/scene.ts';

jest.setTimeout(180_000);

suiteNeeding('snapshots before a real Elasticsearch', [elasticsearch], () => {
  let place: Place | undefined;
  let scene: Scene | undefined;
  let count = 0;

  beforeAll(async () => {
    place = await startPlace();
  }, 420_000);
  afterAll(() => place?.stop());
  beforeEach(async () => {
    if (place === undefined) throw new Error('no server');
    await removeAll(place.server);
    // Of the test before: a name in the cluster is one repository.
    await place.server.client().snapshot.deleteRepository({ name: 'reviews' }, { ignore: [404] });
    count += 1;
    scene = new Scene(place, `repository-${count}`);
  });

  const given = (): Scene => {
    if (scene === undefined) throw new Error('no server');
    return scene;
  };
  snapshotSuite(given);
  repositorySuite(given);
  rightsSuite(given);
  drillSuite(given);
  restoreSuite(given);
  programSuite(given);
});
