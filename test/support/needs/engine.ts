// Docker engines: the user's, or one that root starts for the tests; and what is put into the latter.
import { isBuilt, version } from '../../contract/stand-in.ts';
import { isNamedByUs } from '../../image/engine.ts';
import { engineAnswers, enginePackages, whyNoEngine } from '../../image/reachable.ts';
import type { Need } from './need.ts';

export const engine: Need = {
  name: 'a Docker engine',
  lack: () => {
    const why = whyNoEngine();
    return why === undefined ? undefined : { why, packages: enginePackages, testsAsRoot: true };
  },
};

const official = `docker.elastic.co/elasticsearch/elasticsearch:${version}`;

export const standIns: Need = {
  name: "the stand-ins of Elasticsearch's and Node.js's images",
  lack: () => {
    if (engineAnswers() && !isNamedByUs())
      return {
        why: 'nothing is put under official names into an engine of yours',
        first: `make contract IMAGE=${official}, or with no engine running:`,
      };
    return isBuilt()
      ? undefined
      : { why: 'not built', first: 'test/lab/lab check && test/lab/lab image   # as root', testsAsRoot: true };
  },
};
