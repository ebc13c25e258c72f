// The review that is written: every field of a customer's one, and nobody's.

const OF_PROBE = 'probe';

/** `id`: of a delivery that nobody has made. */
export const reviewOf = (id: string, at: Date): object => ({
  delivery_id: id,
  customer_id: OF_PROBE,
  rating: 3,
  language: 'nl',
  channel: OF_PROBE,
  hub: OF_PROBE,
  route: OF_PROBE,
  // By which the pipeline finds the month.
  delivered_at: at.toISOString(),
  created_at: at.toISOString(),
  text: { nl: 'Het pakket is van niemand.' },
});
