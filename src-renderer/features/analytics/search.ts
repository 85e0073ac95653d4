import * as z from 'zod';
import { day, flag } from '../../addresses';

const RANGE_NAMES = ['24h', '7d', '30d', '90d', 'custom'] as const;
export type RangeName = (typeof RANGE_NAMES)[number];

export const BREAKDOWNS = ['template', 'model', 'connection'] as const;
export type Breakdown = (typeof BREAKDOWNS)[number];

function isZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

/** The address holds the range; everything else on the screen follows from it. */
export const analyticsSearch = z.strictObject({
  range: z.enum(RANGE_NAMES).optional(),
  /** Days of a custom range; either may be left out. */
  from: day,
  to: day,
  zone: z.string().refine(isZone, 'is no time zone, such as Europe/Berlin').optional(),
  practice: flag,
  by: z.enum(BREAKDOWNS).optional(),
});
export type AnalyticsSearch = z.output<typeof analyticsSearch>;

/** The range in force: an address with days alone means these days. */
export function rangeName({ range, from, to }: AnalyticsSearch): RangeName {
  return range ?? (from === undefined && to === undefined ? '30d' : 'custom');
}
