import type { ReadDb, WriteDb } from '../engine/db';
import { createPendingRollups, STATISTICS_PAUSED } from './pending';
import { COUNTED_RUN, type CountedRun } from './run-contribution';
import { clearTotals } from './template-totals';
import type { ListedRow, StoredRow } from '../engine/stored-rows';

/** The counted columns of a run as stored; null if there is no such run. */
export function countedRun(db: ReadDb, runId: string): CountedRun | null {
  const row = db
    .prepare<[string], StoredRow>(`SELECT ${COUNTED_RUN.list} FROM runs WHERE run_id = ?`)
    .get(runId);
  return row ? COUNTED_RUN.decode(row) : null;
}

const PAGE = 5_000;

/** Recomputes the sums from every stored run. The result equals what the commits kept. */
export function rebuildRollups(tx: WriteDb): void {
  for (const table of [
    'run_hourly',
    'rollup_series',
    'rollup_sums',
    'rollup_latencies',
    'rollup_subjects',
    'workspace_spend',
    'storage_hourly',
  ]) {
    tx.prepare(`DELETE FROM ${table}`).run();
  }
  clearTotals(tx);
  tx.prepare(`UPDATE rollup_folded SET hour = 0`).run();
  const page = tx.prepare<[number, number], ListedRow>(
    `SELECT seq, ${COUNTED_RUN.list} FROM runs WHERE seq > ? ORDER BY seq LIMIT ?`,
  );
  for (let after = 0; ;) {
    const rows = page.all(after, PAGE);
    const rollups = createPendingRollups();
    for (const row of rows) rollups.run(null, COUNTED_RUN.decode(row));
    rollups.flush(tx);
    const last = rows.at(-1);
    if (!last) break;
    after = last.seq;
  }
  tx.prepare(
    `INSERT INTO storage_hourly (hour, answers, bytes)
     SELECT CAST(unixepoch(stored_at) / 3600 AS INTEGER), count(*), sum(size) FROM raw_responses GROUP BY 1`,
  ).run();
}

/** Set by a migration that requires a rebuild. */
const OUTDATED = 'rollups.outdated';

/** Whether the sums need a rebuild: after such a migration, or when statistics are back on. */
export function areRollupsOutdated(db: ReadDb, { statistics }: { statistics: boolean }): boolean {
  return isSet(db, OUTDATED) || (statistics && isSet(db, STATISTICS_PAUSED));
}

export function catchUpRollups(tx: WriteDb): void {
  rebuildRollups(tx);
  tx.prepare(`DELETE FROM settings WHERE key IN (?, ?)`).run(OUTDATED, STATISTICS_PAUSED);
}

function isSet(db: ReadDb, key: string): boolean {
  return db.prepare(`SELECT 1 FROM settings WHERE key = ?`).get(key) !== undefined;
}
