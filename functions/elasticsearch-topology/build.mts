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
      // Top-level initializers that are more than one word: up to the line that closes them at the margin.
      const pure = source
        .replace(
          /^var ([\w$]+) = (?:\/\* @__PURE__ \*\/ )?((?:(?:new )?[\w.]*[(`]|[{["]|\w+\.)(?:.|\n(?=[\t\])}]))*);$/gm,
          'var $1 = /* @__PURE__ */ made(() => ($2));',
        )
        // An error names the line; the lines around it would be for a terminal.
        .replace('mark.snippet = makeSnippet(mark);', '');
      return { contents: `const made = (make) => make();\n${pure}`, loader: 'js' };
    });
  },
};

/** Descriptions and its own name are for people who read the schema, not for the function that checks against it. */
const bareSchema: Plugin = {
  name: 'bare-schema',
  setup(bundle) {
    bundle.onLoad({ filter: /[\\/]schema\.json$/ }, async ({ path }) => {
      const schema: unknown = JSON.parse(await readFile(path, 'utf8'));
      const bare = JSON.stringify(schema, (key, value: unknown) =>
        ['description', '$id', '$schema'].includes(key) ? undefined : value,
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
  // Names inside of js-yaml's parser and of what it gives, used some 700 times: 5 kB less to read at each start.
  mangleProps: new RegExp(
    `^(?:${[
      'input|events|position|lineIndent|firstTabInLine|lineStart|eventsLength|tagHandlers|maxDepth|directives',
      '(?:anchor|tag|value)(?:Start|End)|explicit(?:Start|End)|chomping|[A-Z][A-Z_]{2,}',
      // The function's own, which are in no data that it reads or writes, and are nowhere asked for by `in`.
      'replacement|hasAnchors|isOurs|must|says|distance|roots|pairs|flow|body|colon|style',
      'throwAt|mark|line|around|margin|reader|earlier|moves|prefix|edit|candidate|reads|asKey|sized',
    ].join('|')})$`,
  ),
  logLevel: 'warning',
  plugins: [shakeYaml, bareSchema],
});
