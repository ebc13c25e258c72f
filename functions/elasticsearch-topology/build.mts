import { readFile } from 'node:fs/promises';
import { build, type Plugin } from 'esbuild';

const here = (path: string): string => new URL(path, import.meta.url).pathname;

/**
 * js-yaml is one file. Its tables of tags, schemas and patterns are made when it loads, and esbuild must keep them
 * unless it is told that making them changes nothing else. The function uses the parser; without this the printer's
 * patterns and the schemas of YAML 1.1 come along. Where the file should look different one day, the bundle only grows.
 */
const shakeYaml: Plugin = {
  name: 'shake-js-yaml',
  setup(bundle) {
    bundle.onLoad({ filter: /js-yaml[\\/]dist[\\/]js-yaml\.mjs$/ }, async ({ path }) => {
      const source = await readFile(path, 'utf8');
      // Top-level initializers that are more than a word: up to the line that closes them at the margin.
      const pure = source.replace(
        /^var ([\w$]+) = (?:\/\* @__PURE__ \*\/ )?((?!class )[A-Za-z`[{"](?:.|\n(?=[\t\])}]))*);$/gm,
        'var $1 = /* @__PURE__ */ made(() => ($2));',
      );
      // An error's message says where, and shows the lines around; the function asks it for the reason and the place.
      const plain = pure
        .replace('mark.snippet = makeSnippet(mark);', '')
        .replace(/\bformatError\(this, \w+\)/g, 'this.reason');
      return { contents: `const made = (make) => make();\n${plain}`, loader: 'js' };
    });
  },
};

/** Descriptions and names are for those who read the schema, not for the function that checks against it. */
const bareSchema: Plugin = {
  name: 'bare-schema',
  setup(bundle) {
    bundle.onLoad({ filter: /[\\/]schema\.json$/ }, async ({ path }) => {
      const schema: unknown = JSON.parse(await readFile(path, 'utf8'));
      const bare = JSON.stringify(schema, (key, value: unknown) =>
        /^(?:description|\$.*)$/.test(key) ? undefined : value,
      );
      return { contents: bare, loader: 'json' };
    });
  },
};

await build({
  entryPoints: [here('src/main.ts')],
  outfile: here('dist/elasticsearch-topology.cjs'),
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  minify: true,
  // Names inside of js-yaml's parser, used some 700 times, and a few of ours: 5 kB less to read at each start.
  mangleProps: new RegExp(
    '^(?:position|line(?:Indent|Start)|firstTabInLine|eventsLength|tagHandlers|input|events|directives|chomping|throwAt|' +
      '(?:anchor|tag|value|explicit)(?:Start|End)|[A-Z]{3,}(?:_[A-Z]+)?|hasAnchors|replacement)$',
  ),
  logLevel: 'warning',
  plugins: [shakeYaml, bareSchema],
});
