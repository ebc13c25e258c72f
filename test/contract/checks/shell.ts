// Scripts in containers of the image in which no server runs.
import type { Image } from '../check.ts';
import { must, restricted } from '../docker.ts';

export const home = '/usr/share/elasticsearch';

/** Standard output of a script in a container of its own. */
export const shell = async ({ engine, name }: Image, script: string): Promise<string> =>
  (await must(engine, ['run', '--rm', ...restricted, '--entrypoint=bash', name, '-c', script])).trim();

export const lines = (text: string): string[] => text.split('\n').filter((line) => line !== '');
