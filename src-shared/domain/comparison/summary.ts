import * as z from 'zod';
import { batchShapeOf, cellAt, type Batch, type BatchShape } from '../batch';
import { LEAST_FOR_P95, percentileOf } from '../insight/percentile';
import type { RunSummary } from '../run';
import { targetNames } from './column';

export const targetSummarySchema = z.object({
  target: z.string(),
  ok: z.number().int(),
  failed: z.number().int(),
  outcome_unknown: z.number().int(),
  /** Sums of what the provider reported; answers without a report are not counted as 0. */
  input_tokens: z.number().int(),
  output_tokens: z.number().int(),
  /** Exact, over everything that was priced, earlier attempts included; null where nothing was. */
  cost_usd: z.string().nullable(),
  /** Calls that may have been billed but have no known cost. */
  unpriced: z.number().int(),
  latency_ms: z.object({
    p50: z.number().nullable(),
    p95: z.number().nullable(),
    n: z.number().int(),
  }),
  distinct_outputs: z.number().int(),
  versions: z.array(z.string()),
});
/** The sums of a comparison for one target. */
export type TargetSummary = z.infer<typeof targetSummarySchema>;

/** The index of a cell's target, from its place in the plan. */
export function targetIndexOf(shape: BatchShape, cell: Pick<RunSummary, 'batch_run_index'>): number {
  return cellAt(shape, cell.batch_run_index ?? 0).target_index;
}

/** A stored cell without the text of its output. */
export type CellFacts = Omit<RunSummary, 'output_text'>;

export interface ComparisonSummary {
  add(cell: CellFacts): void;
  targets(): TargetSummary[];
}

/**
 * A comparison by its targets. Money, tokens and counts are the batch's own totals, which know what earlier attempts of a
 * cell have cost; the rest is collected from the cells one by one, of which numbers and hashes are held and never the cells.
 */
export function comparisonSummary(batch: Batch): ComparisonSummary {
  const shape = batchShapeOf(batch);
  const names = targetNames(batch.targets);
  const targets = batch.targets.map(() => ({
    unknown: 0,
    latencies: new Array<number>(),
    outputs: new Set<string>(),
    versions: new Set<string>(),
  }));
  return {
    add(cell) {
      const seen = targets[targetIndexOf(shape, cell)];
      if (!seen) return;
      if (cell.status === 'outcome_unknown') seen.unknown += 1;
      if (cell.latency_ms !== null) seen.latencies.push(cell.latency_ms);
      if (cell.response_output_sha256 !== null) seen.outputs.add(cell.response_output_sha256.slice(0, 16));
      if (cell.provider_version_key !== null && cell.status === 'succeeded') {
        seen.versions.add(`${cell.provider_version_key} (${cell.evidence_grade ?? 'none'})`);
      }
    },
    targets: () =>
      batch.target_totals.map(({ target_index, finished, failed, ...sums }) => {
        const seen = targets[target_index];
        return {
          target: names[target_index] ?? '?',
          ok: finished - failed,
          failed,
          outcome_unknown: seen?.unknown ?? 0,
          input_tokens: sums.input_tokens,
          output_tokens: sums.output_tokens,
          cost_usd: sums.cost_usd,
          unpriced: sums.unpriced,
          latency_ms: percentiles(seen?.latencies ?? []),
          distinct_outputs: seen?.outputs.size ?? 0,
          versions: [...(seen?.versions ?? [])],
        };
      }),
  };
}

function percentiles(values: readonly number[]): TargetSummary['latency_ms'] {
  const sorted = Float64Array.from(values).toSorted();
  const n = sorted.length;
  return { p50: percentileOf(sorted, 0.5), p95: n < LEAST_FOR_P95 ? null : percentileOf(sorted, 0.95), n };
}
