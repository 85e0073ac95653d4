import {
  AppError,
  isPracticeProvider,
  type JsonObject,
  monthOf,
  UNKNOWN_USAGE,
  usdFromPicodollars,
} from '../../src-shared/domain';
import type { Clock } from '../ports';
import { getBudget, workspaceSpend, type ReadDb } from '../store';
import { costOf, type Pricing } from './cost';

/** Output tokens assumed without a limit: a page of text. An estimate, and shown as one. */
const ASSUMED_OUTPUT_TOKENS = 500;
/** UTF-8 bytes per token of ordinary English text. */
const BYTES_PER_TOKEN = 4;

/**
 * What remains of a workspace's monthly budget; null if it has none. Only committed spend counts, so each run counts
 * once it ends, by itself or in a batch.
 */
export function leftOfMonth(
  db: ReadDb,
  clock: Clock,
  workspace: { readonly org_id: string; readonly workspace_id: string },
): bigint | null {
  const budget = getBudget(db, workspace);
  if (!budget) return null;
  const month = monthOf(clock.now());
  return budget.monthly_picodollars - workspaceSpend(db, workspace, month).picodollars;
}

/** Whether calls that may cost this much exceed the budget. With nothing left, an unknown cost does too. */
export function overruns(cost: bigint | null, left: bigint): boolean {
  return left <= 0n || (cost ?? 0n) > left;
}

/** The expected cost of one call in picodollars; null if its model has no known price. */
export function expectedCost(
  deps: { readonly pricing: Pricing; readonly now: Date },
  call: {
    readonly provider: string;
    readonly model_id: string;
    readonly promptBytes: number;
    readonly params: JsonObject;
  },
): bigint | null {
  const price = deps.pricing.priceOf(call.provider, call.model_id, deps.now);
  const usage = {
    ...UNKNOWN_USAGE,
    input_tokens: Math.ceil(call.promptBytes / BYTES_PER_TOKEN),
    output_tokens: outputLimit(call.params) ?? ASSUMED_OUTPUT_TOKENS,
  };
  return costOf(usage, price).picodollars;
}

/** The longest answer that the parameters allow, in tokens; null without a limit. */
export function outputLimit(params: JsonObject): number | null {
  for (const name of ['max_tokens', 'max_output_tokens', 'max_completion_tokens', 'maxOutputTokens']) {
    const value = params[name];
    if (typeof value === 'number' && Number.isInteger(value) && value > 0) return value;
  }
  return null;
}

/**
 * Holds a single run to the monthly budget, by the same estimate as a batch's cells. Practice runs are not spend.
 * @throws BUDGET_EXCEEDED before anything is sent
 */
export function assertWithinBudget(
  deps: { readonly read: ReadDb; readonly clock: Clock; readonly pricing: Pricing },
  workspace: { readonly org_id: string; readonly workspace_id: string },
  call: Parameters<typeof expectedCost>[1],
): void {
  if (isPracticeProvider(call.provider)) return;
  const left = leftOfMonth(deps.read, deps.clock, workspace);
  if (left === null) return;
  const cost = expectedCost({ pricing: deps.pricing, now: new Date(deps.clock.now()) }, call);
  if (!overruns(cost, left)) return;
  throw new AppError(
    'BUDGET_EXCEEDED',
    "The call could exceed the workspace's budget for this month. Nothing was sent. Raise the budget, or lower the token limit.",
    {
      data: {
        left_usd: usdFromPicodollars(left),
        estimate_usd: cost === null ? null : usdFromPicodollars(cost),
      },
    },
  );
}
