import type { LogSpan } from '../audit';
import type { ReadDb } from '../store';
import { AUDIT_LEAF, RECORD_KINDS, type TeamTable } from './kinds';
import { beginAs } from './push-rows';
import type { Session } from './session';
import type { TeamCounts } from './types';

/** How many records of each kind this store has, and how many of its records the team database holds. */
export function countRecords(
  db: ReadDb,
  session: Session,
  orgId: string,
  logs: readonly LogSpan[],
): Promise<TeamCounts[]> {
  return session.transaction(beginAs(session, orgId), async () => {
    const counts: TeamCounts[] = [];
    const values = logs.flatMap(({ log, to }) => [log, to]);
    for (const [record_type, { counted, table }] of Object.entries({
      ...RECORD_KINDS,
      audit_leaf: AUDIT_LEAF,
    })) {
      if (counted === undefined) continue;
      const { rows } = await session.query(
        `SELECT count(*)::int AS n FROM ${remote(record_type, table, logs.length)}`,
        values,
      );
      const local = db.prepare<[], { n: number }>(`SELECT count(*) AS n FROM ${counted}`).get();
      counts.push({ record_type, local: local?.n ?? 0, remote: Number(rows[0]?.['n']) });
    }
    return counts;
  });
}

/** The column that is the number of the record's entry, in tables that have one. */
const NUMBERS: Readonly<Record<string, string>> = { audit_leaves: 'seq', run_results: 'result_no' };

/** What of a table comes from the logs whose names and last entries are the parameters, in pairs. */
function remote(recordType: string, table: TeamTable, logs: number): string {
  const number = NUMBERS[table.name];
  const ours = Array.from({ length: logs }, (_, index) => {
    const [log, to] = [`$${2 * index + 1}::text`, `$${2 * index + 2}::bigint`];
    const within =
      number === undefined
        ? `${table.key[0]} IN (SELECT record_id FROM prompter.audit_leaves
             WHERE installation_id = ${log} AND seq <= ${to} AND record_type = '${recordType}')`
        : `${number} <= ${to}`;
    return `installation_id = ${log} AND (${to} IS NULL OR ${within})`;
  }).join(' OR ');
  const rows = `prompter.${table.name} WHERE (${ours})`;
  // Of the results of a run the last one stands, unless a retry followed it.
  return recordType === 'result'
    ? `(SELECT DISTINCT ON (run_id) kind FROM ${rows} ORDER BY run_id, result_no DESC) AS newest WHERE kind = 'result'`
    : rows;
}
