import { RECORD_TYPES, type RecordType } from '../../src-shared/domain';
import {
  appendLeaf,
  getSetting,
  lastLeafSeq,
  putSetting,
  RECORDS,
  rowsOf,
  storedIdOf,
  type Kind,
  type ReadDb,
  type Store,
  type WriteDb,
} from '../store';

/** How far a store was adopted. Once for each: a log that was emptied later is not begun anew, which would hide that. */
const ADOPTED = 'audit.adopted';
const { kinds } = RECORDS;
const NEWEST = Math.max(...RECORD_TYPES.map((type) => kinds[type].since));
const ALL = String(NEWEST);

/** Whether everything that a store holds is in its log, as this build logs it. */
export function isAdopted(db: ReadDb): boolean {
  return getSetting(db, ADOPTED) === ALL;
}

/** Logs what a store held before it had a log, or before its kind was logged, as it is now. @returns how many entries that made */
export function adoptRecords(store: Store): number {
  const adopted = getSetting(store.read, ADOPTED);
  if (adopted === ALL) return 0;
  return store.write((tx) => {
    const before = lastLeafSeq(tx);
    // The first logs did not say how far they go.
    const logged = adopted === null && !hasEntries(tx) ? 0 : 1;
    // Kinds that came later are logged last.
    for (let since = logged + 1; since <= NEWEST; since += 1) {
      for (const type of RECORD_TYPES) if (kinds[type].since === since) adopt(tx, type, kinds[type]);
    }
    putSetting(tx, ADOPTED, ALL);
    return lastLeafSeq(tx) - before;
  });
}

/** What has no entry yet, in the order in which it came. */
function adopt(tx: WriteDb, type: RecordType, kind: Kind): void {
  const rows = rowsOf(kind);
  if (rows === null) return;
  const logged = `SELECT record_id FROM audit_leaves WHERE record_type = '${type}'`;
  const ids = tx
    .prepare<[], { id: string }>(
      `SELECT id FROM (SELECT ${kind.id} AS id, row_number() OVER (ORDER BY ${kind.order ?? 'seq'}) AS place FROM ${rows})
       WHERE ${storedIdOf('id')} NOT IN (${logged}) ORDER BY place`,
    )
    .all();
  for (const { id } of ids) {
    const content = RECORDS.content(tx, type, id);
    if (content !== null) appendLeaf(tx, { type, id, content });
  }
}

/** Ignores entries about restores: a restore is logged before adoption. */
function hasEntries(tx: WriteDb): boolean {
  return tx.prepare(`SELECT 1 FROM audit_leaves WHERE record_type <> 'restored' LIMIT 1`).get() !== undefined;
}
