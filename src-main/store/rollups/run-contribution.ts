import { costStandingOf } from '../../../src-shared/domain';
import { storedColumns } from '../engine/stored-rows';
import { runs } from '../runs/tables';

/** The columns of a run that feed its sums. */
export const COUNTED_NAMES = [
  'run_id',
  'kind',
  'org_id',
  'workspace_id',
  'template_id',
  'provider',
  'connection_id',
  'model_id',
  'batch_id',
  'simulated',
  'executed_at',
  'status',
  'failure_code',
  'cost_picodollars',
  'earlier_cost_picodollars',
  'input_tokens',
  'cached_input_tokens',
  'cache_write_tokens',
  'output_tokens',
  'reasoning_tokens',
  'search_requests',
  'latency_ms',
  'system_fingerprint',
  'response_output_sha256',
] as const;
export const COUNTED_RUN = storedColumns(runs, COUNTED_NAMES, 'run_id');
export type CountedRun = Readonly<ReturnType<typeof COUNTED_RUN.decode>>;

/** A transaction's changes to the sums, written once, before its commit. */
export interface RollupChanges {
  /** A run counted as `before` now counts as `after`; null means it does not exist. */
  run(before: CountedRun | null, after: CountedRun | null): void;
  answer(storedAt: string, bytes: number): void;
}

/** Counters of `run_hourly`, in the table's order. */
export const COUNTERS = [
  'runs',
  'succeeded',
  'failed',
  'outcome_unknown',
  'unpriced',
  'version_mismatch',
  'parse_failed',
  'answered',
  'fingerprinted',
  'input_tokens',
  'cached_input_tokens',
  'cache_write_tokens',
  'output_tokens',
  'reasoning_tokens',
  'search_requests',
] as const;
export type Counter = (typeof COUNTERS)[number];

export function isUnpriced(run: CountedRun): boolean {
  return (
    run.cost_picodollars === null && costStandingOf({ ...run, cost_usd: null, usage: run }) === 'unpriced'
  );
}

/** What a finished run adds to each counter, in the order of `COUNTERS`. */
export function countersOf(run: CountedRun): readonly number[] {
  const one = (holds: boolean): number => (holds ? 1 : 0);
  return [
    1,
    one(run.status === 'succeeded'),
    one(run.status === 'failed'),
    one(run.status === 'outcome_unknown'),
    one(isUnpriced(run)),
    one(run.failure_code === 'version_mismatch'),
    one(run.failure_code === 'parse_failed'),
    one(run.latency_ms !== null),
    one(run.system_fingerprint !== null),
    run.input_tokens ?? 0,
    run.cached_input_tokens ?? 0,
    run.cache_write_tokens ?? 0,
    run.output_tokens ?? 0,
    run.reasoning_tokens ?? 0,
    run.search_requests ?? 0,
  ];
}
