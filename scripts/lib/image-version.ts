// Versions of Elasticsearch and Kibana, as the tags of their images say them.

/** Major, minor, patch, and how near to the release: alphas, betas and candidates come before it. */
export type Version = readonly [number, number, number, number];

const stages: Readonly<Record<string, number>> = { alpha: 0, beta: 1000, rc: 2000 };
const released = 3000;
const form = /^v?(\d+)\.(\d+)\.(\d+)(?:-(alpha|beta|rc)(\d+))?(?:[-_+].*)?$/;

/** Nothing where the text is no version. */
export const parseVersion = (text: string): Version | undefined => {
  const [, major, minor, patch, stage, number] = form.exec(text) ?? [];
  if (major === undefined) return undefined;
  const nearness = stage === undefined ? released : (stages[stage] ?? 0) + Number(number);
  return [Number(major), Number(minor), Number(patch), nearness];
};

/** Nothing where only a digest says which image it is. */
export const tagOf = (image: string): string | undefined => /:([^:/@]+)(?:@.*)?$/.exec(image)?.[1];

/** By the image's tag; nothing where that is no version. */
export const versionOf = (image: string): Version | undefined => parseVersion(tagOf(image) ?? '');

export const isReleased = ([, , , nearness]: Version): boolean => nearness === released;

/** Below 0 where `a` is the older one. */
export const compare = (a: Version, b: Version): number =>
  a.map((part, index) => part - (b[index] ?? 0)).find((difference) => difference !== 0) ?? 0;
