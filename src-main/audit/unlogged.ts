import { RECORD_TYPES, type RecordType } from '../../src-shared/domain';
import { rowsOf, storedIdSql, type Kinds, type ReadDb } from '../store';
import type { ProblemList } from './report';

/**
 * Finds records without an entry. Listing is slow, so counts are compared first; records are listed only if counts
 * differ or another problem was found. `logged` is the number of entries by type.
 */
export function findUnlogged(
  db: ReadDb,
  kinds: Kinds,
  logged: ReadonlyMap<string, number>,
  problems: ProblemList,
): void {
  const suspicious = problems.count() > 0;
  const countOf = (sql: string): number => db.prepare<[], { n: number }>(sql).get()?.n ?? 0;
  for (const type of RECORD_TYPES) {
    const kind = kinds[type];
    const rows = rowsOf(kind);
    if (rows === null || kind.optional) continue;
    const standing = kind.state === undefined ? null : standingIds(kinds, type, kind.state);
    const known =
      standing === null ? (logged.get(type) ?? 0) : countOf(`SELECT count(*) AS n FROM (${standing})`);
    if (!suspicious && countOf(`SELECT count(*) AS n FROM ${rows}`) === known) continue;
    const ids = standing ?? `SELECT record_id FROM audit_leaves WHERE record_type = '${type}'`;
    const stored = db.prepare<[], { id: string }>(
      `SELECT id FROM (SELECT ${kind.id} AS id FROM ${rows}) WHERE ${storedIdSql('id')} NOT IN (${ids})`,
    );
    for (const row of stored.iterate()) {
      problems.add(`The ${type.replaceAll('_', ' ')} ${row.id} is in the store but not in the log.`);
    }
  }
  findMovedBatches(db, problems);
}

/** Ids whose latest state entry is of this type. */
function standingIds(kinds: Kinds, type: RecordType, state: string): string {
  const types = RECORD_TYPES.filter((each) => kinds[each].state === state).map((each) => `'${each}'`);
  return `SELECT record_id FROM (
    SELECT record_id, record_type, max(seq) FROM audit_leaves WHERE record_type IN (${types.join(', ')})
    GROUP BY record_id) WHERE record_type = '${type}'`;
}

/**
 * Batches whose status differs from their last recorded change. Batches older than these records have no change on
 * record.
 */
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
