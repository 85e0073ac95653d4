import type { ReadDb, RecordType } from '../store';
import type { ProblemList } from './report';

/** Which rows must have an entry of which type. */
const EXPECTED: readonly (readonly [type: RecordType, table: string, id: string, where: string])[] = [
  ['template', 'templates', 'template_id', '1'],
  ['template_archived', 'templates', 'template_id', 'deleted_at IS NOT NULL'],
  ['label', 'template_labels', 'move_id', '1'],
  ['pin', 'template_pins', 'pin_id', '1'],
  ['connection', 'connections', 'connection_id', '1'],
  ['connection_change', 'connection_changes', 'change_id', '1'],
  ['connection_archived', 'connections', 'connection_id', 'deleted_at IS NOT NULL'],
  ['budget', 'budgets', `org_id || '/' || workspace_id`, '1'],
  ['price_snapshot', 'price_snapshots', 'sha256', '1'],
  ['batch', 'batches', 'batch_id', '1'],
  ['batch_lock', 'batch_locks', `batch_id || '/' || seq`, '1'],
  ['batch_lock_accepted', 'batch_locks', `batch_id || '/' || seq`, 'accepted_at IS NOT NULL'],
  ['batch_status', 'batch_status_changes', `batch_id || '/' || seq`, '1'],
  ['attempt', 'attempts', 'attempt_id', `status IN ('not_sent', 'outcome_unknown')`],
  ['version', 'prompt_versions', 'version_id', '1'],
  ['drift', 'drift_events', 'drift_id', '1'],
  ['run', 'runs', 'run_id', '1'],
  ['answer', 'raw_responses', 'attempt_id', '1'],
  ['review', 'reviews', 'review_id', '1'],
  ['result', 'runs', 'run_id', `status NOT IN ('pending', 'sending', 'raw_stored')`],
  ['restored', 'settings', 'substr(key, 10)', `key >= 'restored:' AND key < 'restored;'`],
];

/** Ids of records whose entry of the type stands: of a run with several, the last one says how it stands. */
const LOGGED_IDS = {
  result: `SELECT record_id FROM (
    SELECT record_id, record_type, max(seq) FROM audit_leaves WHERE record_type IN ('result', 'retry')
    GROUP BY record_id) WHERE record_type = 'result'`,
  budget: `SELECT record_id FROM (
    SELECT record_id, record_type, max(seq) FROM audit_leaves WHERE record_type IN ('budget', 'budget_removed')
    GROUP BY record_id) WHERE record_type = 'budget'`,
};

/**
 * Records that the log knows nothing of: counted, and only where the counts differ, or something is wrong already,
 * looked for by name. `logged` holds how many entries of each type there are.
 */
export function findUnlogged(db: ReadDb, logged: ReadonlyMap<string, number>, problems: ProblemList): void {
  const suspicious = problems.count() > 0;
  const countOf = (sql: string): number => db.prepare<[], { n: number }>(sql).get()?.n ?? 0;
  for (const [type, table, id, where] of EXPECTED) {
    const several = type === 'result' || type === 'budget' ? LOGGED_IDS[type] : null;
    const known =
      several === null ? (logged.get(type) ?? 0) : countOf(`SELECT count(*) AS n FROM (${several})`);
    if (!suspicious && countOf(`SELECT count(*) AS n FROM ${table} WHERE ${where}`) === known) continue;
    const ids = several ?? `SELECT record_id FROM audit_leaves WHERE record_type = '${type}'`;
    const stored = db.prepare<[], { id: string }>(
      `SELECT ${id} AS id FROM ${table} WHERE ${where} AND ${restingId(id)} NOT IN (${ids})`,
    );
    for (const row of stored.iterate()) {
      problems.add(`The ${type.replaceAll('_', ' ')} ${row.id} is in the store but not in the log.`);
    }
  }
  findMovedBatches(db, problems);
}

/** Batches stand as the last change says; those of before changes were recorded have none. */
const MOVED_BATCHES = `SELECT batch_id AS id, b.status, c.status AS logged FROM batches b
  JOIN batch_status_changes c USING (batch_id)
  WHERE c.seq = (SELECT max(seq) FROM batch_status_changes WHERE batch_id = b.batch_id)
    AND (c.status IS NOT b.status OR c.reason IS NOT b.status_reason)`;

function findMovedBatches(db: ReadDb, problems: ProblemList): void {
  for (const { id, status, logged } of db
    .prepare<[], { id: string; status: string; logged: string }>(MOVED_BATCHES)
    .iterate()) {
    problems.add(
      status === logged
        ? `The batch ${id} was changed: its last entry gives another reason for its status.`
        : `The batch ${id} was changed: its status is ${status}, but its last entry says ${logged}.`,
    );
  }
}

/** An id as leaves keep it: a UUID as its bytes. */
function restingId(id: string): string {
  return `CASE WHEN length(${id}) = 36 THEN coalesce(unhex(replace(${id}, '-', '')), ${id}) ELSE ${id} END`;
}
