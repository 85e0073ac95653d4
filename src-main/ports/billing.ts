/** The usage totals that contain counts with their own rate. */
export type BilledTotal = 'input' | 'cached' | 'written' | 'output';

export interface BilledPart {
  readonly of: BilledTotal;
  /** The price list's name for the rate, such as `cache_write_1h_mtok`. */
  readonly unit: string;
  readonly tokens: number;
}

/**
 * What an answer says about its bill beyond the six usage counts. Derived from the answer's bytes and never stored, so
 * that later knowledge about billing applies to old answers too.
 */
export interface Billing {
  readonly parts: readonly BilledPart[];
  /** Searches of stored files, priced per thousand. */
  readonly fileSearches: number;
  /** Why no price list can say what this cost, in full sentences; empty if one can. */
  readonly obstacles: readonly string[];
}

export const PLAIN_BILLING: Billing = { parts: [], fileSearches: 0, obstacles: [] };
