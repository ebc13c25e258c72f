import { LANGUAGES, type Language, type Review, textField } from './review.ts';
import { SENTENCES, type Sentences } from './sentences.ts';

const DAY = 86_400_000;

interface Hub {
  readonly name: string;
  readonly routes: number;
  /** How often each language is written there, in the order of LANGUAGES. */
  readonly languages: readonly [number, number, number, number];
  /** Part of the deliveries that go wrong. */
  readonly trouble: number;
}

const HUBS: readonly Hub[] = [
  { name: 'AMS-1', routes: 6, languages: [8, 1, 0, 2], trouble: 0.16 },
  { name: 'RTM-1', routes: 5, languages: [8, 1, 1, 2], trouble: 0.2 },
  { name: 'BRU-1', routes: 5, languages: [4, 0, 5, 2], trouble: 0.22 },
  { name: 'CGN-1', routes: 6, languages: [1, 9, 0, 1], trouble: 0.14 },
  { name: 'LIL-1', routes: 4, languages: [0, 0, 9, 1], trouble: 0.38 },
];
const CHANNELS = ['app', 'app', 'app', 'mail', 'web'] as const;

export interface SampleOptions {
  readonly count: number;
  /** The last day of the deliveries (they spread over `days` before it), as YYYY-MM-DD. */
  readonly until: string;
  readonly days?: number;
  readonly seed?: number;
}

/** Made-up reviews, one after the other and never all in memory. The same options always give the same reviews. */
export function* sampleReviews(options: SampleOptions): Generator<Review> {
  const { count, until, days = 90, seed = 1 } = options;
  const random = generator(seed);
  const end = Date.parse(`${until}T00:00:00Z`) + DAY;
  for (let n = 0; n < count; n++) yield review(n, seed, random, end, days);
}

function review(n: number, seed: number, random: () => number, end: number, days: number): Review {
  const hub = pick(HUBS, random);
  const language = weighted(LANGUAGES, hub.languages, random);
  const age = random();
  const delivered = end - age * days * DAY;
  // A storm: in the tenth part of the time before the last tenth, parcels come late everywhere.
  const storm = age > 0.1 && age < 0.2;
  const bad = random() < hub.trouble + (storm ? 0.3 : 0);
  const rating = bad ? 1 + Math.floor(random() * 2) : 3 + Math.min(2, Math.floor(random() * 4));
  // Within two days, and not after the end.
  const written = delivered + random() * Math.min(2 * DAY, end - delivered);
  return {
    delivery_id: `D${seed}-${String(n).padStart(7, '0')}`,
    customer_id: `C${String(Math.floor(random() * 100_000)).padStart(5, '0')}`,
    rating,
    language,
    channel: pick(CHANNELS, random),
    hub: hub.name,
    route: `${hub.name}-R${1 + Math.floor(random() * hub.routes)}`,
    delivered_at: new Date(delivered).toISOString(),
    created_at: new Date(written).toISOString(),
    text: { [textField(language)]: text(SENTENCES[language], rating, storm, random) },
  };
}

function text(sentences: Sentences, rating: number, storm: boolean, random: () => number): string {
  if (rating >= 4) return pick(sentences.good, random);
  if (rating === 3) return pick(sentences.fair, random);
  const what = storm ? sentences.late : pick([sentences.late, sentences.broken, sentences.lost], random);
  // The very unhappy write more.
  return rating === 1 ? `${pick(what, random)} ${pick(sentences.broken, random)}` : pick(what, random);
}

function pick<T>(from: readonly T[], random: () => number): T {
  const chosen = from[Math.floor(random() * from.length)];
  if (chosen === undefined) throw new Error('nothing to pick from');
  return chosen;
}

function weighted(from: readonly Language[], weights: readonly number[], random: () => number): Language {
  let rest = random() * weights.reduce((sum, weight) => sum + weight, 0);
  for (const [i, candidate] of from.entries()) {
    rest -= weights[i] ?? 0;
    if (rest < 0) return candidate;
  }
  return pick(from, random);
}

/** Mulberry32: small, fast, and the same numbers on every machine. */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
