/** The languages whose words are analysed; any other text goes into `other`. */
export const LANGUAGES = ['nl', 'de', 'fr', 'en'] as const;
export type Language = (typeof LANGUAGES)[number];

/** One customer's review of one delivery, as it stands in the index. */
export interface Review {
  readonly delivery_id: string;
  readonly customer_id: string;
  /** 1 (bad) to 5 (good). */
  readonly rating: number;
  readonly language: string;
  readonly channel: string;
  readonly hub: string;
  readonly route: string;
  /**
   * When the parcel was delivered: decides, in UTC, in which month the review is kept. Never changes for a delivery.
   */
  readonly delivered_at: string;
  /** When the customer wrote. */
  readonly created_at: string;
  readonly text: Readonly<Record<string, string>>;
}

/** The one place that knows where a text belongs. */
export function textField(language: string): string {
  return LANGUAGES.some((known) => known === language) ? language : 'other';
}
