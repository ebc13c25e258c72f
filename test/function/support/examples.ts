// The golden cases: folders of examples, each with its input and what the function makes of it.
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(__dirname, '../../../functions/elasticsearch-topology/examples');

export interface Example {
  readonly name: string;
  readonly input: Buffer;
  /** What it must give; after a change that is meant, UPDATE_EXPECTED=1 writes what it does give. */
  expected(got: Outcome): Outcome;
}

interface Outcome {
  readonly stdout: string;
  readonly stderr: string;
}

export const examples = (): Example[] =>
  readdirSync(root)
    .sort()
    .map((name) => ({
      name,
      input: readFileSync(join(root, name, 'input.yaml')),
      expected: (got) => {
        const file = (of: string): string => join(root, name, of);
        if (process.env['UPDATE_EXPECTED'] === '1') {
          write(file('expected.yaml'), got.stdout);
          write(file('stderr.txt'), got.stderr);
        }
        return { stdout: read(file('expected.yaml')), stderr: read(file('stderr.txt')) };
      },
    }));

const read = (path: string): string => (existsSync(path) ? readFileSync(path, 'utf8') : '');

/** An empty stream has no file. */
function write(path: string, text: string): void {
  if (text === '') rmSync(path, { force: true });
  else writeFileSync(path, text);
}
