import {
  batchShapeOf,
  cellAt,
  LEAST_FOR_P95,
  percentileOf,
  type Batch,
  type BatchShape,
} from '../../../../src-shared/domain';
import type { CellFacts } from '../../../ports';

export interface TargetSummary {
  readonly target: string;
  readonly ok: number;
  readonly failed: number;
  readonly outcome_unknown: number;
  /** Sums of what the provider reported; answers without a report are not counted as 0. */
  readonly input_tokens: number;
  readonly output_tokens: number;
  /** Exact, over everything that was priced, earlier attempts included; null where nothing was. */
  readonly cost_usd: string | null;
  /** Calls that may have been billed, and have no known cost. */
  readonly unpriced: number;
  readonly latency_ms: { readonly p50: number | null; readonly p95: number | null; readonly n: number };
  readonly distinct_outputs: number;
  readonly versions: readonly string[];
}

export function targetName(batch: Batch, index: number): string {
  const target = batch.targets[index];
  return target === undefined ? '?' : `${target.connection_name}:${target.model_id}`;
}

/** The index of a cell's target, from its place in the plan. */
export function targetIndexOf(shape: BatchShape, cell: Pick<CellFacts, 'batch_run_index'>): number {
  return cellAt(shape, cell.batch_run_index ?? 0).target_index;
}

/**
 * A batch by its targets. Money, tokens and counts are the batch's own totals, which know what earlier attempts of a cell
 * have cost; the rest is collected from the cells one by one, of which numbers and hashes are held and never the cells.
 */
export function summarise(batch: Batch, cells: Iterable<CellFacts>): TargetSummary[] {
  const shape = batchShapeOf(batch);
  const targets = batch.targets.map(() => ({
    unknown: 0,
    latencies: new Array<number>(),
    outputs: new Set<string>(),
    versions: new Set<string>(),
  }));
  for (const cell of cells) {
    const seen = targets[targetIndexOf(shape, cell)];
    if (!seen) continue;
    if (cell.status === 'outcome_unknown') seen.unknown += 1;
    if (cell.latency_ms !== null) seen.latencies.push(cell.latency_ms);
    if (cell.response_output_sha256 !== null) seen.outputs.add(cell.response_output_sha256.slice(0, 16));
    if (cell.provider_version_key !== null && cell.status === 'succeeded') {
      seen.versions.add(`${cell.provider_version_key} (${cell.evidence_grade ?? 'none'})`);
    }
  }
  return batch.target_totals.map(({ target_index, finished, failed, ...sums }) => {
    const seen = targets[target_index];
    return {
      target: targetName(batch, target_index),
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
  });
}

function percentiles(values: readonly number[]): TargetSummary['latency_ms'] {
  const sorted = Float64Array.from(values).toSorted();
  const n = sorted.length;
  return { p50: percentileOf(sorted, 0.5), p95: n < LEAST_FOR_P95 ? null : percentileOf(sorted, 0.95), n };
}
