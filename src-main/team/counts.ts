import type { ReadDb } from '../store';
import { AUDIT_LEAF, RECORD_KINDS } from './kinds';
import { beginAs, type Origin } from './push-rows';
import type { Session } from './session';
import type { TeamCounts } from './types';

/** How many records of each kind this installation has, and how many of its records the team database holds. */
export function countRecords(db: ReadDb, session: Session, origin: Origin): Promise<TeamCounts[]> {
  return session.transaction(beginAs(session, origin.org_id), async () => {
    const counts: TeamCounts[] = [];
    for (const [record_type, { counted, table }] of Object.entries({
      ...RECORD_KINDS,
      audit_leaf: AUDIT_LEAF,
    })) {
      if (!counted) continue;
      const remote = counted.remote ?? `${table.name} WHERE true`;
      const { rows } = await session.query(
        `SELECT count(*)::int AS n FROM prompter.${remote} AND installation_id = $1`,
        [origin.installation_id],
      );
      const local = db.prepare<[], { n: number }>(`SELECT count(*) AS n FROM ${counted.local}`).get();
      counts.push({ record_type, local: local?.n ?? 0, remote: Number(rows[0]?.['n']) });
    }
    return counts;
  });
}
