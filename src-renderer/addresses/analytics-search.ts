export const RANGE_NAMES = ['24h', '7d', '30d', '90d', 'custom'] as const;
export type RangeName = (typeof RANGE_NAMES)[number];

export const BREAKDOWNS = ['template', 'model', 'connection'] as const;
export type Breakdown = (typeof BREAKDOWNS)[number];

/** What the address says about the range; everything else on the screen follows from it. */
export interface AnalyticsSearch {
  range?: RangeName | undefined;
  from?: string | undefined;
  to?: string | undefined;
  zone?: string | undefined;
  practice?: true | undefined;
  by?: Breakdown | undefined;
}
