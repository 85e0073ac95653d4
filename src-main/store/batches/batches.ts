import type { InferSelectModel } from 'drizzle-orm';
import {
  isFinal,
  LEAST_FOR_P95,
  usdOfSum,
  type BatchCounts,
  type BatchStatus,
  type BatchSummary,
  type BatchTargetTotals,
  type LeftOutTarget,
  type ResolvedTarget,
  type RunStatus,
  type Variables,
} from '../../../src-shared/domain';
import { appendStored } from '../audit-log/leaves';
import { decodeCursor, pageOf } from '../engine/cursor';
import type { ReadDb, WriteDb } from '../engine/db';
import {
  countLatency,
  countOf,
  emptyHistogram,
  quantileOf,
  type Histogram,
} from '../rollups/latency-histogram';
import { promptNameOf } from '../templates/names';
import {
  namesOf,
  storedColumns,
  storedValue,
  writtenColumns,
  type ListedRow,
  type StoredRow,
} from '../engine/stored-rows';
import { COUNTED } from '../runs/list';
import { runs } from '../runs/tables';
import { batches, batchInputs, batchStatusChanges } from './tables';

const BATCH = storedColumns(batches, namesOf(batches), 'batch_id');
type StoredBatch = Readonly<InferSelectModel<typeof batches>>;
/** What runs, and what was asked for and left out. */
interface Targets {
  readonly targets: readonly ResolvedTarget[];
  readonly left_out: readonly LeftOutTarget[];
}
/** A batch as stored: its plan is fixed; only status, lock and times change. */
export type BatchRecord = Omit<StoredBatch, 'targets'> & Targets;
/** The states of a batch's cells, and the totals of its targets. */
export type BatchTally = NonNullable<BatchRecord['tally']>;

const PLANNED = namesOf(batches, 'seq', 'status_reason', 'started_at', 'finished_at', 'tally');
const PLAN = writtenColumns(batches, PLANNED);
export type NewBatch = Omit<Pick<StoredBatch, (typeof PLANNED)[number]>, 'status' | 'targets'> & Targets;
const INPUT = storedColumns(batchInputs, namesOf(batchInputs), 'batch_id', 'input_index');

export function insertBatch(
  tx: WriteDb,
  { targets: running, left_out, ...batch }: NewBatch,
  inputs: readonly Variables[],
): void {
  const targets = [
    ...running.map((target) => ({ ...target, mismatch: null })),
    ...left_out.map((target, index) => ({
      ...target,
      target_index: running.length + index,
      grounding_mode: null,
    })),
  ];
  tx.prepare(PLAN.insert).run(...PLAN.encode({ ...batch, targets, status: 'planned' }));
  const insert = tx.prepare(INPUT.insert);
  inputs.forEach((variables, input_index) =>
    insert.run(...INPUT.encode({ batch_id: batch.batch_id, input_index, variables })),
  );
  appendStored(tx, 'batch', batch.batch_id);
  tx.changed('batches', batch.batch_id);
}

const CHANGE = writtenColumns(batchStatusChanges, namesOf(batchStatusChanges, 'seq'));
export type ChangedBy = InferSelectModel<typeof batchStatusChanges>['changed_by'];

export interface BatchStatusChange {
  readonly status: BatchStatus;
  readonly reason: string | null;
  readonly at: string;
  readonly by: ChangedBy;
}

/** Also clears the tally: `setBatchTally` sets it again once nothing is in flight. */
export function setBatchStatus(tx: WriteDb, batchId: string, change: BatchStatusChange): void {
  const finished = isFinal(change.status);
  tx.prepare(
    `UPDATE batches SET status = ?, status_reason = ?, tally = NULL,
       started_at = CASE WHEN ? = 'running' THEN coalesce(started_at, ?) ELSE started_at END,
       finished_at = CASE WHEN ? THEN ? ELSE NULL END
     WHERE batch_id = ?`,
  ).run(change.status, change.reason, change.status, change.at, finished ? 1 : 0, change.at, batchId);
  const { lastInsertRowid } = tx.prepare(CHANGE.insert).run(
    ...CHANGE.encode({
      batch_id: batchId,
      status: change.status,
      reason: change.reason,
      changed_at: change.at,
      changed_by: change.by,
    }),
  );
  appendStored(tx, 'batch_status', `${batchId}/${lastInsertRowid}`, change.by);
  tx.changed('batches', batchId);
}

const TALLY = writtenColumns(batches, ['tally']);

/** Stores the totals of the batch's cells, until its status changes again. */
export function setBatchTally(tx: WriteDb, batchId: string, tally: BatchTally): void {
  tx.prepare(`UPDATE batches SET ${TALLY.set} WHERE batch_id = ?`).run(...TALLY.encode({ tally }), batchId);
}

/** A cell changed after its batch had ended, so the stored tally is out of date. */
export function forgetTallyOf(tx: WriteDb, runId: string): void {
  tx.prepare(
    `UPDATE batches SET tally = NULL WHERE batch_id = (SELECT batch_id FROM runs WHERE run_id = ?)`,
  ).run(runId);
}

export function targetLatencies(
  db: ReadDb,
  batch: Pick<BatchRecord, 'batch_id' | 'targets' | 'replicates'>,
): Histogram[] {
  const latencies = batch.targets.map(emptyHistogram);
  const rows = db
    .prepare<[number, number, string], { target_index: number; latency_ms: number }>(
      `SELECT (batch_run_index / CAST(? AS INTEGER)) % CAST(? AS INTEGER) AS target_index, latency_ms
       FROM runs WHERE batch_id = ? AND latency_ms IS NOT NULL`,
    )
    .iterate(batch.replicates, batch.targets.length, batch.batch_id);
  for (const { target_index, latency_ms } of rows) {
    const histogram = latencies[target_index];
    if (histogram) countLatency(histogram, latency_ms, 1);
  }
  return latencies;
}

/** A tally's latency totals. */
export function latencyTotals(
  histogram: Histogram | undefined,
): Pick<BatchTargetTotals, 'latency_p50_ms' | 'latency_p95_ms'> {
  if (!histogram) return { latency_p50_ms: null, latency_p95_ms: null };
  return {
    latency_p50_ms: quantileOf(histogram, 0.5),
    latency_p95_ms: countOf(histogram) < LEAST_FOR_P95 ? null : quantileOf(histogram, 0.95),
  };
}

/** Counts the tally from the cells, which takes a while for a large batch. */
export function countTally(db: ReadDb, batch: BatchRecord): BatchTally {
  return { counts: batchCounts(db, batch.batch_id, batch.total), target_totals: targetTotals(db, batch) };
}

export function getBatch(db: ReadDb, batchId: string): BatchRecord | null {
  const row = db
    .prepare<[string], StoredRow>(`SELECT ${BATCH.list} FROM batches WHERE batch_id = ?`)
    .get(batchId);
  return row ? batchOf(BATCH.decode(row)) : null;
}

function batchOf<Stored extends Pick<StoredBatch, 'targets' | 'template_id'>>({
  targets: stored,
  ...batch
}: Stored): Omit<Stored, 'targets'> & Pick<BatchRecord, 'targets' | 'left_out'> {
  const targets: ResolvedTarget[] = [];
  const left_out: LeftOutTarget[] = [];
  for (const { mismatch, template_id, ...target } of stored) {
    const column = { ...target, template_id: template_id ?? batch.template_id };
    if (mismatch === null) targets.push(column);
    else {
      const { target_index: _index, grounding_mode: _mode, ...found } = column;
      left_out.push({ ...found, mismatch });
    }
  }
  return { ...batch, targets, left_out };
}

const SUMMARY = storedColumns(
  batches,
  [
    'batch_id',
    'template_id',
    'name',
    'status',
    'targets',
    'total',
    'tally',
    'simulated',
    'created_at',
    'finished_at',
  ],
  'batch_id',
);
type ListedBatch = Omit<BatchSummary, 'counts' | 'columns'> & Pick<BatchRecord, 'tally' | 'targets'>;

/** Batches for a list, newest first. @throws VALIDATION_FAILED for a bad cursor */
export function listBatchSummaries(
  db: ReadDb,
  filter: { template_id?: string | undefined },
  page: { cursor?: string | undefined; limit: number },
): { items: ListedBatch[]; next_cursor: string | null } {
  const ofTemplate =
    filter.template_id === undefined
      ? ''
      : `AND (batches.template_id = ? OR EXISTS
          (SELECT 1 FROM json_each(batches.targets) WHERE value ->> 'template_id' = ?))`;
  const given = filter.template_id === undefined ? [] : [filter.template_id, filter.template_id];
  const rows = db
    .prepare<(string | number)[], ListedRow & Pick<ListedBatch, 'template_name' | 'prompt_name'>>(
      `SELECT batches.seq, t.name AS template_name, ${promptNameOf('t')} AS prompt_name, ${SUMMARY.list}
       FROM batches JOIN templates t USING (template_id)
       WHERE batches.seq < ? ${ofTemplate} ORDER BY batches.seq DESC LIMIT ?`,
    )
    .all(decodeCursor(page.cursor), ...given, page.limit + 1);
  return pageOf(rows, page.limit, (row) => {
    const { left_out: _, ...batch } = batchOf(SUMMARY.decode(row));
    return { ...batch, template_name: row.template_name, prompt_name: row.prompt_name };
  });
}

/** Batches that were running when their process ended, and those with cells repaired since. */
export function batchesWithoutTally(db: ReadDb): string[] {
  return db
    .prepare<[], { batch_id: string }>(`SELECT batch_id FROM batches WHERE tally IS NULL ORDER BY seq`)
    .all()
    .map((row) => row.batch_id);
}

const NAMED = storedColumns(batches, ['batch_id', 'name', 'status'], 'batch_id');

/** The oldest running batch with this connection among its targets. */
export function runningBatchOver(
  db: ReadDb,
  connectionId: string,
): ReturnType<typeof NAMED.decode> | undefined {
  const row = db
    .prepare<[string], StoredRow>(
      `SELECT ${NAMED.list} FROM batches INDEXED BY ix_batches_at_work
       WHERE tally IS NULL AND status = 'running'
         AND EXISTS (SELECT 1 FROM json_each(targets)
           WHERE value ->> 'connection_id' = ? AND value ->> 'mismatch' IS NULL)
       ORDER BY seq LIMIT 1`,
    )
    .get(connectionId);
  return row && NAMED.decode(row);
}

export function batchInput(db: ReadDb, batchId: string, inputIndex: number): Variables | null {
  const row = db
    .prepare<[string, number], StoredRow>(
      `SELECT ${INPUT.list} FROM batch_inputs WHERE batch_id = ? AND input_index = ?`,
    )
    .get(batchId, inputIndex);
  return row ? INPUT.decode(row).variables : null;
}

/** The status of every stored cell of a batch, from one covering scan of the batch's index. */
export function cellStatuses(db: ReadDb, batchId: string): { batch_run_index: number; status: RunStatus }[] {
  return db
    .prepare<[string], { batch_run_index: number; status: RunStatus }>(
      `SELECT batch_run_index, status FROM runs WHERE batch_id = ? ORDER BY batch_run_index`,
    )
    .all(batchId);
}

function batchCounts(db: ReadDb, batchId: string, total: number): BatchCounts {
  const counts: BatchCounts = {
    pending: 0,
    running: 0,
    succeeded: 0,
    failed: 0,
    outcome_unknown: 0,
    cancelled: 0,
  };
  let stored = 0;
  for (const row of db
    .prepare<[string], { status: unknown; n: number }>(
      `SELECT status, count(*) AS n FROM runs WHERE batch_id = ? GROUP BY status`,
    )
    .all(batchId)) {
    stored += row.n;
    counts[countedAs(storedValue(runs.status, row.status, `a run of ${batchId}`))] += row.n;
  }
  counts.pending += total - stored;
  return counts;
}

export function countedAs(status: RunStatus): keyof BatchCounts {
  return status === 'sending' || status === 'raw_stored' ? 'running' : status;
}

/** Totals per column of a comparison: cost over all attempts, tokens over the answers that count. */
function targetTotals(
  db: ReadDb,
  batch: Pick<BatchRecord, 'batch_id' | 'targets' | 'replicates'>,
): BatchTargetTotals[] {
  const rows = db
    .prepare<[number, number, string], TotalsRow>(
      `SELECT (batch_run_index / CAST(? AS INTEGER)) % CAST(? AS INTEGER) AS target_index,
         count(*) FILTER (WHERE status IN ('succeeded', 'failed')) AS finished,
         count(*) FILTER (WHERE status = 'failed') AS failed,
         count(*) FILTER (WHERE ${COUNTED.unpriced}) AS unpriced,
         CAST(sum(coalesce(cost_picodollars, 0) + earlier_cost_picodollars) AS TEXT) AS cost_text,
         coalesce(sum(input_tokens), 0) AS input_tokens,
         coalesce(sum(output_tokens), 0) AS output_tokens
       FROM runs WHERE batch_id = ? GROUP BY 1`,
    )
    .all(batch.replicates, batch.targets.length, batch.batch_id);
  const byTarget = new Map(rows.map((row) => [row.target_index, row]));
  const latencies = targetLatencies(db, batch);
  return batch.targets.map(({ target_index }) => {
    const row = byTarget.get(target_index);
    return {
      target_index,
      finished: row?.finished ?? 0,
      failed: row?.failed ?? 0,
      unpriced: row?.unpriced ?? 0,
      cost_usd: usdOfSum(BigInt(row?.cost_text ?? '0'), row?.unpriced ?? 0),
      input_tokens: row?.input_tokens ?? 0,
      output_tokens: row?.output_tokens ?? 0,
      ...latencyTotals(latencies[target_index]),
    };
  });
}

interface TotalsRow {
  target_index: number;
  finished: number;
  failed: number;
  unpriced: number;
  cost_text: string;
  input_tokens: number;
  output_tokens: number;
}
