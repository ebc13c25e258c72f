// Edits of a short text, as the tests of the YAML room write them.
import type { Json } from '../../../functions/elasticsearch-topology/src/yaml/json.ts';
import { readYaml } from '../../../functions/elasticsearch-topology/src/yaml/read.ts';
import { splice } from '../../../functions/elasticsearch-topology/src/yaml/splice.ts';

export type Path = (string | number)[];

/** The text with the values put at the paths, one after the other. */
export const spliced = (text: string, ...edits: [Path, Json | undefined][]): string =>
  splice(
    readYaml(text),
    edits.map(([path, value]) => ({ path, value })),
  );
