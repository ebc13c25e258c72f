// What rules and panels ask for, and no scrape of one node has: with the reason.

export const NOT_SCRAPED: Readonly<Record<string, string>> = {
  up: 'Prometheus itself makes it',
  ALERTS: 'Prometheus itself makes it, of alerts that fire',
  elasticsearch_clustersettings_allocation_watermark_low_bytes:
    'only where watermarks are bytes; then no ratio is told',
  elasticsearch_clustersettings_allocation_watermark_high_bytes: 'as above',
};
