import * as z from 'zod';
import {
  batchCountsSchema,
  batchLockSchema,
  batchTargetTotalsSchema,
  groundingModeSchema,
  LEAST_FOR_P95,
  resolvedTargetSchema,
  usdOfSum,
  type BatchCounts,
  type BatchStatus,
  type BatchSummary,
  type BatchTargetTotals,
  type GroundingMode,
  type ResolvedTarget,
  type RunStatus,
  type Variables,
  variablesSchema,
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
import { readJsonColumn } from '../engine/column-values';
import { COUNTED } from '../runs/list';

/** A batch as stored: its plan is fixed; only its status, lock and times move. */
export interface BatchRecord {
  readonly seq: number;
  readonly batch_id: string;
  readonly org_id: string;
  readonly workspace_id: string;
  readonly template_id: string;
  readonly name: string | null;
  readonly status: BatchStatus;
  readonly status_reason: string | null;
  readonly targets: ResolvedTarget[];
  readonly inputs_count: number;
  readonly locales: string[] | null;
  readonly modes: GroundingMode[];
  readonly replicates: number;
  readonly total: number;
  readonly drift_policy: 'stop' | 'pause' | 'record';
  readonly concurrency: number | null;
  readonly budget_picodollars: bigint | null;
  readonly stream: boolean;
  readonly timeout_seconds: number | null;
  readonly lock: z.infer<typeof batchLockSchema>[];
  readonly simulated: boolean;
  readonly created_at: string;
  readonly started_at: string | null;
  readonly finished_at: string | null;
  /** Set while nothing of the batch is under way. */
  readonly tally: BatchTally | null;
}
export type NewBatch = Omit<
  BatchRecord,
  'seq' | 'status' | 'status_reason' | 'started_at' | 'finished_at' | 'tally'
>;

const tallySchema = z.object({ counts: batchCountsSchema, target_totals: z.array(batchTargetTotalsSchema) });
/** Where the cells of a batch stand, and what its targets add up to. */
export type BatchTally = z.infer<typeof tallySchema>;

export function insertBatch(tx: WriteDb, batch: NewBatch, inputs: readonly Variables[]): void {
  tx.prepare(
    `INSERT INTO batches (batch_id, org_id, workspace_id, template_id, name, status, targets, inputs_count, locales,
       modes, replicates, total, drift_policy, concurrency, budget_picodollars, stream, timeout_seconds, lock,
       simulated, created_at)
     VALUES (?, ?, ?, ?, ?, 'planned', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  ).run(
    batch.batch_id,
    batch.org_id,
    batch.workspace_id,
    batch.template_id,
    batch.name,
    JSON.stringify(batch.targets),
    batch.inputs_count,
    batch.locales === null ? null : JSON.stringify(batch.locales),
    JSON.stringify(batch.modes),
    batch.replicates,
    batch.total,
    batch.drift_policy,
    batch.concurrency,
    batch.budget_picodollars,
    batch.stream ? 1 : 0,
    batch.timeout_seconds,
    JSON.stringify(batch.lock),
    batch.simulated ? 1 : 0,
    batch.created_at,
  );
  const insert = tx.prepare(`INSERT INTO batch_inputs (batch_id, input_index, variables) VALUES (?, ?, ?)`);
  inputs.forEach((variables, index) => insert.run(batch.batch_id, index, JSON.stringify(variables)));
  appendStored(tx, 'batch', batch.batch_id);
  tx.changed('batches', batch.batch_id);
}

/** Who changed where a batch stands: the user of this installation, or Prompter by itself. */
export type ChangedBy = 'local' | 'prompter';

export interface BatchStatusChange {
  readonly status: BatchStatus;
  readonly reason: string | null;
  readonly at: string;
  readonly by: ChangedBy;
}

/** Also forgets the tally: `setBatchTally` sets it anew when nothing is under way any more. */
export function setBatchStatus(tx: WriteDb, batchId: string, change: BatchStatusChange): void {
  const finished =
    change.status === 'completed' || change.status === 'stopped' || change.status === 'cancelled';
  tx.prepare(
    `UPDATE batches SET status = ?, status_reason = ?, tally = NULL,
       started_at = CASE WHEN ? = 'running' THEN coalesce(started_at, ?) ELSE started_at END,
       finished_at = CASE WHEN ? THEN ? ELSE NULL END
     WHERE batch_id = ?`,
  ).run(change.status, change.reason, change.status, change.at, finished ? 1 : 0, change.at, batchId);
  const { lastInsertRowid } = tx
    .prepare(
      `INSERT INTO batch_status_changes (batch_id, status, reason, changed_at, changed_by) VALUES (?, ?, ?, ?, ?)`,
    )
    .run(batchId, change.status, change.reason, change.at, change.by);
  appendStored(tx, 'batch_status', `${batchId}/${lastInsertRowid}`, change.by);
  tx.changed('batches', batchId);
}

/** Keeps what the batch's cells add up to until its status changes again. */
export function setBatchTally(tx: WriteDb, batchId: string, tally: BatchTally): void {
  tx.prepare(`UPDATE batches SET tally = ? WHERE batch_id = ?`).run(JSON.stringify(tally), batchId);
}

/** A cell of the run's batch changed after the batch had ended: what was kept is not true any more. */
export function forgetTallyOf(tx: WriteDb, runId: string): void {
  tx.prepare(
    `UPDATE batches SET tally = NULL WHERE batch_id = (SELECT batch_id FROM runs WHERE run_id = ?)`,
  ).run(runId);
}

/** How long the calls of each target took. */
export function targetLatencies(
  db: ReadDb,
  batch: { batch_id: string; targets: readonly ResolvedTarget[]; replicates: number },
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

/** What a tally says of latencies. */
export function latencyTotals(
  histogram: Histogram | undefined,
): Pick<BatchTargetTotals, 'latency_p50_ms' | 'latency_p95_ms'> {
  if (!histogram) return { latency_p50_ms: null, latency_p95_ms: null };
  return {
    latency_p50_ms: quantileOf(histogram, 0.5),
    latency_p95_ms: countOf(histogram) < LEAST_FOR_P95 ? null : quantileOf(histogram, 0.95),
  };
}

/** The tally counted from the cells: for a large batch that takes a while. */
export function countTally(db: ReadDb, batch: BatchRecord): BatchTally {
  return { counts: batchCounts(db, batch.batch_id, batch.total), target_totals: targetTotals(db, batch) };
}

type BatchRow = Omit<
  BatchRecord,
  'targets' | 'locales' | 'modes' | 'budget_picodollars' | 'stream' | 'lock' | 'simulated' | 'tally'
> & {
  targets: string;
  locales: string | null;
  modes: string;
  budget_text: string | null;
  stream: number;
  lock: string;
  simulated: number;
  tally: string | null;
};

const SELECT = `SELECT *, CAST(budget_picodollars AS TEXT) AS budget_text FROM batches`;

function toRecord(row: BatchRow): BatchRecord {
  const { budget_text, ...rest } = row;
  const json = <T>(schema: z.ZodType<T>, text: string, column: string): T =>
    readJsonColumn(schema, text, `batches.${column} of ${row.batch_id}`);
  return {
    ...rest,
    targets: json(z.array(resolvedTargetSchema), row.targets, 'targets'),
    locales: row.locales === null ? null : json(z.array(z.string()), row.locales, 'locales'),
    modes: json(z.array(groundingModeSchema), row.modes, 'modes'),
    budget_picodollars: budget_text === null ? null : BigInt(budget_text),
    stream: row.stream === 1,
    lock: json(z.array(batchLockSchema), row.lock, 'lock'),
    simulated: row.simulated === 1,
    tally: tallyOf(row.batch_id, row.tally),
  };
}

export function getBatch(db: ReadDb, batchId: string): BatchRecord | null {
  const row = db.prepare<[string], BatchRow>(`${SELECT} WHERE batch_id = ?`).get(batchId);
  return row ? toRecord(row) : null;
}

type ListedBatch = Omit<BatchSummary, 'counts'> & Pick<BatchRecord, 'tally'>;

/** Batches as a list shows them, newest first. @throws VALIDATION_FAILED for a bad cursor */
export function listBatchSummaries(
  db: ReadDb,
  filter: { template_id?: string | undefined },
  page: { cursor?: string | undefined; limit: number },
): { items: ListedBatch[]; next_cursor: string | null } {
  const ofTemplate = filter.template_id === undefined ? '' : 'AND batches.template_id = ?';
  const given = filter.template_id === undefined ? [] : [filter.template_id];
  const rows = db
    .prepare<(string | number)[], SummaryRow>(
      `SELECT batches.seq, batch_id, template_id, templates.name AS template_name, batches.name, status, total, tally,
         simulated, batches.created_at, finished_at
       FROM batches JOIN templates USING (template_id)
       WHERE batches.seq < ? ${ofTemplate} ORDER BY batches.seq DESC LIMIT ?`,
    )
    .all(decodeCursor(page.cursor), ...given, page.limit + 1);
  return pageOf(rows, page.limit, ({ seq: _, simulated, tally, ...row }) => ({
    ...row,
    simulated: simulated === 1,
    tally: tallyOf(row.batch_id, tally),
  }));
}

type SummaryRow = Omit<ListedBatch, 'simulated' | 'tally'> & {
  seq: number;
  simulated: number;
  tally: string | null;
};

function tallyOf(batchId: string, tally: string | null): BatchTally | null {
  return tally === null ? null : readJsonColumn(tallySchema, tally, `batches.tally of ${batchId}`);
}

/** Batches that were at work when their process ended, and those with cells that were repaired since. */
export function batchesWithoutTally(db: ReadDb): string[] {
  return db
    .prepare<[], { batch_id: string }>(`SELECT batch_id FROM batches WHERE tally IS NULL ORDER BY seq`)
    .all()
    .map((row) => row.batch_id);
}

/** The oldest batch that runs now and has this connection among its targets. */
export function runningBatchOver(
  db: ReadDb,
  connectionId: string,
): Pick<BatchRecord, 'batch_id' | 'name' | 'status'> | undefined {
  return db
    .prepare<[string], Pick<BatchRecord, 'batch_id' | 'name' | 'status'>>(
      `SELECT batch_id, name, status FROM batches INDEXED BY ix_batches_at_work
       WHERE tally IS NULL AND status = 'running'
         AND EXISTS (SELECT 1 FROM json_each(targets) WHERE value ->> 'connection_id' = ?)
       ORDER BY seq LIMIT 1`,
    )
    .get(connectionId);
}

export function batchInput(db: ReadDb, batchId: string, inputIndex: number): Variables | null {
  const row = db
    .prepare<[string, number], { variables: string }>(
      `SELECT variables FROM batch_inputs WHERE batch_id = ? AND input_index = ?`,
    )
    .get(batchId, inputIndex);
  return row
    ? readJsonColumn(variablesSchema, row.variables, `batch_inputs.variables of ${batchId}/${inputIndex}`)
    : null;
}

/** Where every stored cell of a batch stands, to know what is left. One covering pass over the batch's index. */
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
    .prepare<[string], { status: RunStatus; n: number }>(
      `SELECT status, count(*) AS n FROM runs WHERE batch_id = ? GROUP BY status`,
    )
    .all(batchId)) {
    stored += row.n;
    counts[countedAs(row.status)] += row.n;
  }
  counts.pending += total - stored;
  return counts;
}

export function countedAs(status: RunStatus): keyof BatchCounts {
  return status === 'sending' || status === 'raw_stored' ? 'running' : status;
}

/** Totals of each column of a comparison. The cost is of all attempts, the tokens of the answers that count. */
function targetTotals(
  db: ReadDb,
  batch: { batch_id: string; targets: readonly ResolvedTarget[]; replicates: number },
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
