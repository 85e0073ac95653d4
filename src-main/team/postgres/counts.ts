import * as z from 'zod';
import type { LogSpan } from '../../audit';
import { longRead } from '../../store';
import { AUDIT_LEAF, RECORD_KINDS, type TeamTable } from './kinds';
import { beginFor } from './push-rows';
import type { Session } from './session';

type Counts = Readonly<Record<string, number>>;

const COUNTED = Object.entries({ ...RECORD_KINDS, audit_leaf: AUDIT_LEAF });

/** How many records of each kind this store has. In a large store this takes as long as scanning an index or two. */
export const countStored = longRead<null, Counts>({
  name: 'team.counts',
  input: z.null(),
  output: z.record(z.string(), z.number()),
  *run(db) {
    const counts: Record<string, number> = {};
    for (const [index, [type, { counted }]] of COUNTED.entries()) {
      if (counted === null) continue;
      counts[type] = db.prepare<[], { n: number }>(`SELECT count(*) AS n FROM ${counted}`).get()?.n ?? 0;
      yield index;
    }
    return counts;
  },
});

/** How many records of these logs the team database holds. */
export function countPushed(session: Session, orgId: string, logs: readonly LogSpan[]): Promise<Counts> {
  return session.transaction(beginFor(session, orgId), async () => {
    const counts: Record<string, number> = {};
    const values = logs.flatMap(({ log, to }) => [log, to]);
    for (const [type, { counted, table }] of COUNTED) {
      if (counted === null) continue;
      const { rows } = await session.query(
        `SELECT count(*)::int AS n FROM ${remote(type, table, logs.length)}`,
        values,
      );
      counts[type] = Number(rows[0]?.['n']);
    }
    return counts;
  });
}

/** The column with the number of the record's entry, for tables that have one. */
const NUMBERS: Readonly<Record<string, string>> = { audit_leaves: 'seq', run_results: 'result_no' };

/** Counts a table's rows from the logs whose names and last entries are passed as parameters, in pairs. */
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
  // A run's last result counts, unless a retry followed it.
  return recordType === 'result'
    ? `(SELECT DISTINCT ON (run_id) kind FROM ${rows} ORDER BY run_id, result_no DESC) AS newest WHERE kind = 'result'`
    : rows;
}
