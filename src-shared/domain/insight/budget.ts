import * as z from 'zod';
import { DEFAULT_ORG_ID, DEFAULT_WORKSPACE_ID, idSchema } from '../ids';
import { amountUsdSchema, costUsdSchema } from '../money';
import { strictObject } from '../json/strict-object';

/** What a workspace may spend in a calendar month (UTC) and where it stands. */
export const budgetStandingSchema = z.object({
  org_id: idSchema,
  workspace_id: idSchema,
  month: z.string(),
  /** Null without a budget. */
  monthly_usd: costUsdSchema.nullable(),
  warn_percent: z.number().int().nullable(),
  spent_usd: costUsdSchema,
  left_usd: costUsdSchema.nullable(),
  /** Runs that may have been billed and are in no sum. */
  unpriced_runs: z.number().int(),
  /** `unknown`: the priced runs are within the budget, and others have no price. */
  state: z.enum(['none', 'ok', 'unknown', 'warn', 'exceeded']),
});
export type BudgetStanding = z.infer<typeof budgetStandingSchema>;

export const budgetChangeSchema = strictObject({
  org_id: idSchema.default(DEFAULT_ORG_ID),
  workspace_id: idSchema.default(DEFAULT_WORKSPACE_ID),
  /** Null removes the budget. */
  monthly_usd: amountUsdSchema.nullable(),
  warn_percent: z.number().int().min(1).max(100).default(80),
});
export type BudgetChange = z.output<typeof budgetChangeSchema>;
