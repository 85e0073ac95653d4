import type { FailureCode, RunStatus } from '../../src-shared/domain';
import type { ReadDb } from './db';
import { UNBILLED } from './run-contribution';
import { SUMMARY, toSummary, type StoredRunSummary, type SummaryRow } from './runs-read.repo';

export interface RunFilter {
  readonly template_id?: string | undefined;
  readonly batch_id?: string | undefined;
  readonly workspace_id?: string | undefined;
  readonly connection_id?: string | undefined;
  readonly model_id?: string | undefined;
  readonly status?: RunStatus | undefined;
  readonly failure_code?: FailureCode | undefined;
  /** Times of `executed_at`: `from` included, `to` not. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly simulated?: boolean | undefined;
  /** Only what sums count: runs that have ended, or those of them whose cost is not known. */
  readonly counted?: 'ended' | 'unpriced' | undefined;
}

/** The statuses that have an index of their own. */
const RARE: ReadonlySet<RunStatus> = new Set(['failed', 'outcome_unknown', 'raw_stored']);

const COUNTED = {
  ended: `runs.status IN ('succeeded', 'failed', 'outcome_unknown')`,
  // As `isUnpriced` says it.
  unpriced: `runs.status IN ('succeeded', 'failed', 'outcome_unknown') AND runs.cost_picodollars IS NULL
    AND NOT (runs.status = 'failed' AND coalesce(runs.failure_code, '') IN (${[...UNBILLED].map((code) => `'${code}'`).join(', ')}))`,
} as const;

/** A page of runs, newest first; the cursor is the last row's `seq`. */
export function listRuns(
  db: ReadDb,
  filter: RunFilter,
  page: { cursor: number | null; limit: number },
): { items: StoredRunSummary[]; next: number | null } {
  const byTime = isByTime(filter);
  const { conditions, values } = conditionsOf(filter, byTime);
  if (page.cursor !== null) {
    conditions.push(
      byTime
        ? '(runs.executed_at, runs.seq) < ((SELECT executed_at FROM runs WHERE seq = ?), ?)'
        : 'runs.seq < ?',
    );
    values.push(...(byTime ? [page.cursor, page.cursor] : [page.cursor]));
  }
  const where = conditions.length ? `WHERE ${conditions.join(' AND ')}` : '';
  const order = byTime ? 'runs.executed_at DESC, runs.seq DESC' : 'runs.seq DESC';
  const source = byTime ? SUMMARY.replace('FROM runs', 'FROM runs INDEXED BY ix_runs_time') : SUMMARY;
  const rows = db
    .prepare<(string | number)[], SummaryRow>(`${source} ${where} ORDER BY ${order} LIMIT ?`)
    .all(...values, page.limit + 1);
  const items = rows.slice(0, page.limit);
  return { items: items.map(toSummary), next: rows.length > page.limit ? (items.at(-1)?.seq ?? null) : null };
}

/** Whether the index by time finds them sooner than a walk through the newest runs, a batch, or a rare status. */
function isByTime({ from, to, connection_id, model_id, batch_id, status }: RunFilter): boolean {
  if (batch_id !== undefined) return false;
  if (from !== undefined || to !== undefined) return true;
  return (
    (connection_id !== undefined || model_id !== undefined) && !(status !== undefined && RARE.has(status))
  );
}

function conditionsOf(
  filter: RunFilter,
  byTime: boolean,
): { conditions: string[]; values: (string | number)[] } {
  const conditions: string[] = [];
  const values: (string | number)[] = [];
  const add = (condition: string, ...given: (string | number)[]): void => {
    conditions.push(condition);
    values.push(...given);
  };
  // Written out, so that the partial index of the status is used; a status is one of a few words.
  if (filter.status !== undefined) add(`runs.status = '${filter.status}'`);
  // A plus keeps SQLite from walking through all runs of a template or batch for the few of a rare status.
  const plus = !byTime && filter.status !== undefined && RARE.has(filter.status) ? '+' : '';
  for (const column of ['template_id', 'batch_id', 'workspace_id', 'connection_id', 'model_id'] as const) {
    const value = filter[column];
    if (value !== undefined) add(`${plus}runs.${column} = ?`, value);
  }
  if (filter.failure_code !== undefined) add('runs.failure_code = ?', filter.failure_code);
  if (filter.from !== undefined) add('runs.executed_at >= ?', filter.from);
  if (filter.to !== undefined) add('runs.executed_at < ?', filter.to);
  if (filter.simulated !== undefined) add('runs.simulated = ?', filter.simulated ? 1 : 0);
  if (filter.counted !== undefined) add(COUNTED[filter.counted]);
  return { conditions, values };
}
