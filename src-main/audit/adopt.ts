import { RECORD_TYPES, type RecordType } from '../../src-shared/domain';
import {
  appendLeaf,
  getSetting,
  lastLeafSeq,
  putSetting,
  RECORDS,
  rowsOf,
  storedIdSql,
  type Kind,
  type ReadDb,
  type Store,
  type WriteDb,
} from '../store';

/** How far adoption got. Each step happens once: repeating it over an emptied log would hide the emptying. */
const ADOPTED = 'audit.adopted';
const { kinds } = RECORDS;
const NEWEST = Math.max(...RECORD_TYPES.map((type) => kinds[type].since));
const ALL = String(NEWEST);

/** Whether every kind that this build logs has been adopted. */
export function isAdopted(db: ReadDb): boolean {
  return getSetting(db, ADOPTED) === ALL;
}

/**
 * Logs the current state of records older than the log, or older than the logging of their kind. @returns the number of
 * new entries
 */
export function adoptRecords(store: Store): number {
  const adopted = getSetting(store.read, ADOPTED);
  if (adopted === ALL) return 0;
  return store.write((tx) => {
    const before = lastLeafSeq(tx);
    // The first logs did not record how far adoption went.
    const logged = adopted === null && !hasEntries(tx) ? 0 : 1;
    // Kinds introduced later are logged last.
    for (let since = logged + 1; since <= NEWEST; since += 1) {
      for (const type of RECORD_TYPES) if (kinds[type].since === since) adopt(tx, type, kinds[type]);
    }
    putSetting(tx, ADOPTED, ALL);
    return lastLeafSeq(tx) - before;
  });
}

/** Records without an entry, oldest first. */
function adopt(tx: WriteDb, type: RecordType, kind: Kind): void {
  const rows = rowsOf(kind);
  if (rows === null) return;
  const logged = `SELECT record_id FROM audit_leaves WHERE record_type = '${type}'`;
  const ids = tx
    .prepare<[], { id: string }>(
      `SELECT id FROM (SELECT ${kind.id} AS id, row_number() OVER (ORDER BY ${kind.order ?? 'seq'}) AS place FROM ${rows})
       WHERE ${storedIdSql('id')} NOT IN (${logged}) ORDER BY place`,
    )
    .all();
  for (const { id } of ids) {
    const content = RECORDS.content(tx, type, id);
    if (content !== null) appendLeaf(tx, { type, id, content });
  }
}

/** Ignores 'restored' entries: a restore is logged before adoption. */
function hasEntries(tx: WriteDb): boolean {
  return tx.prepare(`SELECT 1 FROM audit_leaves WHERE record_type <> 'restored' LIMIT 1`).get() !== undefined;
}
