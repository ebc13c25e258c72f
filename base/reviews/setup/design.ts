// The index design: the files, and what is put where, in which order. Each is a PUT of a whole, so applying it again
// changes nothing.

import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Refused } from '../../lib/environment.ts';
import { entries, must, object } from '../../lib/json.ts';
import { readTogether } from '../../lib/mounted.ts';

/** The texts of the files, as they stand there: each is one JSON object. */
export interface Design {
  readonly pipeline: string;
  readonly mappings: string;
  readonly settingsFixed: string;
  readonly settingsLive: string;
  readonly settingsCopies: string;
  readonly settingsLifecycle: string;
  readonly lifecyclePolicy: string;
  readonly templateMonths: string;
  readonly templateName: string;
  /** What components put beside these files, as `more-NAME.json`. */
  readonly more: readonly Put[];
}

export interface Put {
  readonly path: string;
  /** JSON. */
  readonly text: string;
}

type File = Exclude<keyof Design, 'more'>;

const files: Readonly<Record<File, string>> = {
  pipeline: 'pipeline.json',
  mappings: 'mappings.json',
  settingsFixed: 'settings-fixed.json',
  settingsLive: 'settings-live.json',
  settingsCopies: 'settings-copies.json',
  settingsLifecycle: 'settings-lifecycle.json',
  lifecyclePolicy: 'lifecycle-policy.json',
  templateMonths: 'template-months.json',
  templateName: 'template-name.json',
};

const readWhole = async (folder: string, file: string, look: (text: string) => void): Promise<string> => {
  try {
    const [text = ''] = await readTogether(folder, file);
    look(text);
    return text;
  } catch (error) {
    // Neither is a secret: the file is a ConfigMap's.
    throw new Refused(
      `${join(folder, file)} cannot be used: ${error instanceof Error ? error.message : 'unknown error'}`,
    );
  }
};

/** Names that begin with "reviews" are those of the design itself. */
const OF_OTHERS = /^\/_(?:ingest\/pipeline|component_template|index_template)\/(?!reviews)[a-z][a-z0-9.-]*$/;

/** A path for each part, in the order in which they are put. */
const putsIn = (text: string): readonly Put[] =>
  entries(JSON.parse(text), 'the file').map(([path, body]) => {
    must(OF_OTHERS.test(path), () => `'${path}' is no pipeline or template with a name of its own`);
    return { path, text: JSON.stringify(object(body, path)) };
  });

const readMore = async (folder: string): Promise<readonly Put[]> => {
  const names = (await readdir(folder)).filter((name) => /^more-[a-z0-9-]+\.json$/.test(name)).sort();
  const texts = await Promise.all(names.map((name) => readWhole(folder, name, putsIn)));
  return texts.flatMap(putsIn);
};

/** An overlay may have changed a file: one that is missing, or no JSON object, is refused by its name. */
export const readDesign = async (folder: string): Promise<Design> => {
  const read = (part: File): Promise<string> =>
    readWhole(folder, files[part], (text) => void object(JSON.parse(text), files[part]));
  return {
    pipeline: await read('pipeline'),
    mappings: await read('mappings'),
    settingsFixed: await read('settingsFixed'),
    settingsLive: await read('settingsLive'),
    settingsCopies: await read('settingsCopies'),
    settingsLifecycle: await read('settingsLifecycle'),
    lifecyclePolicy: await read('lifecyclePolicy'),
    templateMonths: await read('templateMonths'),
    templateName: await read('templateName'),
    more: await readMore(folder),
  };
};

/** The mapping comes with the analyzers that it names, or it is refused. */
const component = (name: string, settings: string, mappings?: string): Put => ({
  path: `/_component_template/${name}`,
  text: `{"template":{"settings":${settings}${mappings === undefined ? '' : `,"mappings":${mappings}`}}}`,
});

export const parts = (design: Design): readonly Put[] => [
  { path: '/_ingest/pipeline/reviews-by-month', text: design.pipeline },
  component('reviews-documents', design.settingsFixed, design.mappings),
  component('reviews-live', design.settingsLive),
  component('reviews-copies', design.settingsCopies),
];

/** Only where the server has lifecycle policies. The settings name the policy, so it comes first. */
export const lifecycle = (design: Design): readonly Put[] => [
  { path: '/_ilm/policy/reviews', text: design.lifecyclePolicy },
  component('reviews-lifecycle', design.settingsLifecycle),
];

export const templates = (design: Design): readonly Put[] => [
  { path: '/_index_template/reviews-months', text: design.templateMonths },
  { path: '/_index_template/reviews-name', text: design.templateName },
  ...design.more,
];

/** Of a month that exists: templates speak of new ones only. */
export const ofMonth = (month: string, design: Design): readonly Put[] => {
  const index = `/${encodeURIComponent(month)}`;
  return [
    { path: `${index}/_settings`, text: design.settingsLive },
    { path: `${index}/_settings`, text: design.settingsCopies },
    { path: `${index}/_mapping`, text: design.mappings },
  ];
};
