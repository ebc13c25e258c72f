// Where things are, seen from the root of the checkout.
import { homedir } from 'node:os';
import { join } from 'node:path';

export const root = join(__dirname, '..', '..');
export const bundle = join(root, 'functions/elasticsearch-topology/dist/elasticsearch-topology.cjs');
export const functionSources = join(root, 'functions/elasticsearch-topology/src');
export const functionConfig = join(root, 'base/topology/elasticsearch-topology.yaml');
export const toolsModule = join(root, 'tools');

/** Built tools live outside the checkout, so that a clean clone finds them again. */
export const cache = join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'delivery-reviews');
