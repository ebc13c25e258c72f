// The stand-ins of test/lab, in a Docker engine.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../scripts/lib/paths.ts';
import { startEngine } from '../image/engine.ts';
import { labHome } from '../support/lab-home.ts';
import { type Docker, must } from './docker.ts';

const images = join(labHome, 'images');
/** The second one is that of the sidecar. */
const archives = ['elasticsearch.tar', 'node.tar'].map((file) => join(images, file));
export const version = readFileSync(join(root, 'test/lab/elasticsearch/version'), 'utf8').trim();

export const isBuilt = (): boolean => archives.every((archive) => existsSync(archive));

/** Under the official names in an engine of ours; nothing is put into somebody's own engine under that name. */
export const standIn = async (): Promise<{ readonly engine: Docker; readonly name: string }> => {
  if (!isBuilt()) throw new Error('the stand-ins are not built: test/lab/lab image');
  const engine = await startEngine();
  const name = `docker.elastic.co/elasticsearch/elasticsearch:${version}`;
  if (!engine.isPrivate) throw new Error(`a Docker engine runs already: name the image, ${name} or another`);
  for (const archive of archives) await must(engine, ['load', '--quiet', '--input', archive], '', 600);
  return { engine, name };
};
