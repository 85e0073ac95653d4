import type { FailureCode, Run } from './run';
import { isCounted } from './run-status';
import type { Usage } from './usage';

/** Failures of calls that were not made or that the provider refused: they cost nothing where nothing came before. */
export const UNBILLED: ReadonlySet<FailureCode> = new Set<FailureCode>([
  'rate_limited',
  'quota_exhausted',
  'auth_failed',
  'permission_denied',
  'model_not_found',
  'invalid_request',
  'provider_error',
  'overloaded',
  'network_error',
  'timeout',
  'missing_variable',
  'als_over_limit',
]);

/** `none`: no sum counts the run, or not yet. Unpriced: it may have been billed, and what it cost is not known. */
export type CostStanding = 'priced' | 'unpriced' | 'not_billed' | 'none';

type Costed = Pick<Run, 'status' | 'failure_code' | 'cost_usd' | 'response_output_sha256'> & {
  readonly usage: Pick<Usage, 'input_tokens' | 'output_tokens'>;
};

/** What is known of a run's cost. Sums, lists and texts all follow it. */
export function costStandingOf(run: Costed): CostStanding {
  if (run.cost_usd !== null) return 'priced';
  if (!isCounted(run.status)) return 'none';
  const isUnbilled = run.status === 'failed' && run.failure_code !== null && UNBILLED.has(run.failure_code);
  // An answer that an error ended has been paid for in part: its text, or a count of its tokens, shows it.
  const hasCome =
    run.response_output_sha256 !== null || (run.usage.input_tokens ?? 0) + (run.usage.output_tokens ?? 0) > 0;
  return isUnbilled && !hasCome ? 'not_billed' : 'unpriced';
}

const UNKNOWN_COST: Readonly<Record<CostStanding, string>> = {
  priced: '',
  unpriced: 'unpriced',
  not_billed: 'not billed',
  none: '–',
};

/** The cost of one run in words: `$0.0021`, `unpriced`, `not billed`. */
export function costInWords(run: Costed): string {
  return run.cost_usd === null ? UNKNOWN_COST[costStandingOf(run)] : `$${run.cost_usd}`;
}

/** There is no cost: the run was not billed, or no sum counts it. */
export function hasNoCost(run: Costed): boolean {
  return ['not_billed', 'none'].includes(costStandingOf(run));
}

/** Tokens in and out: `120/45`, with ? for what an answer did not say; `–` where there is no answer to count. */
export function tokensInWords(run: Costed): string {
  const { input_tokens, output_tokens } = run.usage;
  if (hasNoCost(run)) return '–';
  return `${input_tokens ?? '?'}/${output_tokens ?? '?'}`;
}
