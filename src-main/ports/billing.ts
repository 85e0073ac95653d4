/** Counts with a rate of their own inside a total of the usage, by the total that they are part of. */
export type BilledTotal = 'input' | 'cached' | 'written' | 'output';

export interface BilledPart {
  readonly of: BilledTotal;
  /** The price list's name of the rate, such as `cache_write_1h_mtok`. */
  readonly unit: string;
  readonly tokens: number;
}

/**
 * What an answer says of its bill beyond the six counts of its usage. It follows from the answer's bytes and is never
 * stored, so that what is learnt about bills later holds for old answers, too.
 */
export interface Billing {
  readonly parts: readonly BilledPart[];
  /** Searches of stored files, which have a price per thousand. */
  readonly fileSearches: number;
  /** Why no price list can say what this cost, as whole sentences; empty where nothing stands in the way. */
  readonly obstacles: readonly string[];
}

export const PLAIN_BILLING: Billing = { parts: [], fileSearches: 0, obstacles: [] };
