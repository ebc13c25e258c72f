// What can be watched, as Prometheus reads it. No label names an index, a document or an address.

import { family, known } from '../../../base/lib/families.ts';
import { histogramText } from './histogram.ts';
import { type Kind, OUTCOMES, type Watched } from './watched.ts';

const counter = (name: string, help: string, { outcomes }: Kind): string =>
  family(
    'counter',
    `reviews_probe_${name}_total`,
    help,
    OUTCOMES.map((outcome) => ({ labels: { outcome }, value: outcomes[outcome] })),
  );

export const metricsText = ({ search, write, found, cleared }: Watched): string =>
  [
    counter('searches', 'Searches of all months, by what they came to, tries included.', search),
    histogramText('reviews_probe_search_seconds', 'How long a good search took, tries included.', search.seconds),
    counter('writes', 'Reviews of its own, by what became of them, tries included.', write),
    histogramText('reviews_probe_write_seconds', 'How long until one was acknowledged, tries included.', write.seconds),
    counter('lookups', 'Acknowledged reviews of its own, by whether a search found them.', found),
    histogramText('reviews_probe_found_seconds', 'From acknowledged to found by a search.', found.seconds),
    family(
      'gauge',
      'reviews_probe_cleared_timestamp_seconds',
      'When all that it had written was last deleted, since 1970.',
      known(cleared),
    ),
  ].join('');
