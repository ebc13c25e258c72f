import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { load } from 'js-yaml';
import { readConfig } from '../../../functions/elasticsearch-topology/src/topology/config.ts';
import { examples } from '../support/examples.ts';

const folder = join(__dirname, '../../../functions/elasticsearch-topology');
const read = (name: string): string => readFileSync(join(folder, name), 'utf8');
const readme = read('README.md');

interface Field {
  readonly title: string;
  readonly description: string;
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, Field>>;
}

const rows = (fields: Readonly<Record<string, Field>>, prefix = ''): string[] =>
  Object.entries(fields).flatMap(([name, field]) => {
    const byDefault = field.default === undefined ? '–' : `\`${String(field.default)}\``;
    return [
      `| \`${prefix}${name}\` | ${field.title} | ${byDefault} | ${field.description} |`,
      ...rows(field.properties ?? {}, `${prefix}${name}.`),
    ];
  });

describe('The README', () => {
  test('describes every field of the config as its schema does, and no other', () => {
    const schema = JSON.parse(read('schema.json')) as { properties: { spec: Field } };
    const table = readme.slice(readme.indexOf('| field of `spec`')).split('\n\n')[0]?.split('\n').slice(2);
    expect(table?.filter((row) => row !== '')).toEqual(rows(schema.properties.spec.properties ?? {}));
  });

  test('links to every example with its title and what it shows', () => {
    for (const { name } of examples()) {
      const [title = '', ...text] = read(`examples/${name}/README.md`).trim().split('\n');
      const shown = title.replace(/^# (?:Error: )?/, '');
      expect(readme).toContain(`- [${shown}](examples/${name}): ${text.join(' ').trim()}`);
    }
  });

  test('has links that lead somewhere', () => {
    const links = [...readme.matchAll(/\]\(([^)]+)\)/g)].map(([, link = '']) => link);
    expect(links.length).toBeGreaterThan(30);
    expect(links.filter((link) => !existsSync(join(folder, link)))).toEqual([]);
  });

  test('shows a config that the function accepts', () => {
    const blocks = [...readme.matchAll(/```yaml\n([\s\S]*?)```/g)].map(
      ([, text = '']) => load(text) as { kind?: string },
    );
    const configs = blocks.filter(({ kind }) => kind === 'ElasticsearchTopology');
    expect(configs).toHaveLength(1);
    expect(readConfig(configs[0])).toMatchObject({ zoneSpread: 'Strict', zones: ['europe-a', 'europe-b', 'europe-c'] });
  });

  test("and the catalog's metadata name the same image", () => {
    const metadata = load(read('metadata.yaml')) as { image: string; examplePackageURLs: string[] };
    expect(readme).toContain(`image: ${metadata.image}:`);
    for (const path of metadata.examplePackageURLs) expect(existsSync(join(folder, '../..', path))).toBe(true);
  });
});
