import {
  batchShapeOf,
  cellAt,
  picodollarsFromUsd,
  usdFromPicodollars,
  type Batch,
  type BatchShape,
  type RunSummary,
} from '../../../../src-shared/domain';

/** Below this many values a 95th percentile says nothing (UX.md, Percent). */
const P95_NEEDS = 20;

export interface TargetSummary {
  readonly target: string;
  readonly ok: number;
  readonly failed: number;
  readonly outcome_unknown: number;
  /** Sums of what the provider reported; answers without a report are not counted as 0. */
  readonly input_tokens: number;
  readonly output_tokens: number;
  /** Exact, over the priced answers. */
  readonly cost_usd: string;
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
export function targetIndexOf(shape: BatchShape, cell: Pick<RunSummary, 'batch_run_index'>): number {
  return cellAt(shape, cell.batch_run_index ?? 0).target_index;
}

export interface Tally {
  add(cell: RunSummary): void;
  summaries(): TargetSummary[];
}

/** Adds up cells one by one: holds numbers and output hashes, never the cells. */
export function createTally(batch: Batch): Tally {
  const shape = batchShapeOf(batch);
  const targets = batch.targets.map(() => ({
    ok: 0,
    failed: 0,
    unknown: 0,
    input: 0,
    output: 0,
    cost: 0n,
    unpriced: 0,
    latencies: new Array<number>(),
    outputs: new Set<string>(),
    versions: new Set<string>(),
  }));

  return {
    add(cell) {
      const sums = targets[targetIndexOf(shape, cell)];
      if (!sums) return;
      if (cell.status === 'succeeded') sums.ok += 1;
      else if (cell.status === 'failed') sums.failed += 1;
      else if (cell.status === 'outcome_unknown') sums.unknown += 1;
      else return;
      sums.input += cell.usage.input_tokens ?? 0;
      sums.output += cell.usage.output_tokens ?? 0;
      if (cell.cost_usd !== null) sums.cost += picodollarsFromUsd(cell.cost_usd);
      else if (cell.status === 'succeeded') sums.unpriced += 1;
      if (cell.latency_ms !== null) sums.latencies.push(cell.latency_ms);
      if (cell.response_output_sha256 !== null) sums.outputs.add(cell.response_output_sha256.slice(0, 16));
      if (cell.provider_version_key !== null && cell.status === 'succeeded') {
        sums.versions.add(`${cell.provider_version_key} (${cell.evidence_grade ?? 'none'})`);
      }
    },
    summaries: () =>
      targets.map((sums, index) => ({
        target: targetName(batch, index),
        ok: sums.ok,
        failed: sums.failed,
        outcome_unknown: sums.unknown,
        input_tokens: sums.input,
        output_tokens: sums.output,
        cost_usd: usdFromPicodollars(sums.cost),
        unpriced: sums.unpriced,
        latency_ms: percentiles(sums.latencies),
        distinct_outputs: sums.outputs.size,
        versions: [...sums.versions],
      })),
  };
}

function percentiles(values: readonly number[]): TargetSummary['latency_ms'] {
  const sorted = Float64Array.from(values).toSorted();
  const n = sorted.length;
  // Nearest rank: a value that was measured.
  const at = (share: number) => sorted[Math.max(0, Math.ceil(share * n) - 1)] ?? null;
  return { p50: at(0.5), p95: n < P95_NEEDS ? null : at(0.95), n };
}
