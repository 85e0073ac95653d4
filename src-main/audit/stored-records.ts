import { contentOf, RECORD_TYPES, rowContentsOf, type AuditLeaf, type ReadDb } from '../store';

/** The record of an entry as the store has it now; null where there is none, undefined where it cannot be read. */
export type RecordOf = (leaf: AuditLeaf) => string | null | undefined;

/** The records of these entries. Most rest in one row each and are read together, in a fraction of the time. */
export function storedRecords(db: ReadDb, leaves: readonly AuditLeaf[]): RecordOf {
  const rows = new Map(
    [...Map.groupBy(leaves, ({ record_type }) => record_type)].map(([type, entries]) => {
      const ids = entries.map(({ record_id }) => record_id);
      // Where one is damaged, each is read by itself.
      return [type, readable(() => rowContentsOf(db, type, ids))] as const;
    }),
  );
  return ({ record_type, record_id }) => {
    const known = rows.get(record_type)?.get(record_id);
    if (known) return known.content;
    const type = RECORD_TYPES.find((name) => name === record_type);
    return type === undefined ? null : readable(() => contentOf(db, type, record_id));
  };
}

/** Damaged bytes are a finding here, not a failure. */
export function readable<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
