import * as z from 'zod';
import { flag, text } from '../../addresses';

const RANGE_NAMES = ['24h', '7d', '30d', '90d', 'custom'] as const;
export type RangeName = (typeof RANGE_NAMES)[number];

export const BREAKDOWNS = ['template', 'model', 'connection'] as const;
export type Breakdown = (typeof BREAKDOWNS)[number];

/** The address holds the range; everything else on the screen follows from it. */
export const analyticsSearch = z.strictObject({
  range: z.enum(RANGE_NAMES).optional(),
  from: text,
  to: text,
  zone: text,
  practice: flag,
  by: z.enum(BREAKDOWNS).optional(),
});
export type AnalyticsSearch = z.output<typeof analyticsSearch>;
