import { recordTypeOf } from '../../src-shared/domain';
import { checkHmac, RECORDS, type AuditLeaf, type LoggedRecord, type ReadDb, type Records } from '../store';
import { findUnlogged } from './unlogged';
import type { ProblemList } from './report';
import type { TrustAnchors } from './trust-anchors';

/** Compares each entry with the current state of its record. */
export function createRecordChecks(
  db: ReadDb,
  { record_keys }: TrustAnchors,
  problems: ProblemList,
  records: Records = RECORDS,
) {
  const keys = new Map(record_keys.map((key) => [key.id, key] as const));
  const hmac = { hmac_verified: 0, hmac_unverifiable: 0, hmac_missing: 0 };
  /** Entries by type. */
  const logged = new Map<string, number>();
  /** Entries that differ from their record's current state: reported unless a later entry explains the change. */
  const outdated = new Map<string, AuditLeaf>();

  const countHmac = ({ texts }: LoggedRecord, leaf: AuditLeaf): void => {
    const { holds, keyId } = checkHmac(texts, (id) => keys.get(id) ?? null);
    if (holds === true) hmac.hmac_verified += 1;
    else if (holds === false) problems.add(`${nameOf(leaf)} has a wrong HMAC.`, leaf);
    else if (keyId !== null) hmac.hmac_unverifiable += 1;
    else hmac.hmac_missing += 1;
  };

  return {
    hmac,
    check(leaf: AuditLeaf): void {
      const type = recordTypeOf(leaf.record_type);
      if (type === undefined) return problems.add(`Entry ${leaf.seq} has an unknown type.`, leaf);
      logged.set(type, (logged.get(type) ?? 0) + 1);
      const { state, sealed } = records.kinds[type];
      const record = readable(() => records.find(db, type, leaf));
      if (state !== undefined) {
        const subject = `${state} ${leaf.record_id}`;
        if (record?.holds) outdated.delete(subject);
        else outdated.set(subject, leaf);
        return;
      }
      if (record === undefined) problems.add(`${nameOf(leaf)} can no longer be read.`, leaf);
      else if (record === null) problems.add(`${nameOf(leaf)} is no longer in the store.`, leaf);
      else {
        if (!record.holds) problems.add(`${nameOf(leaf)} was changed.`, leaf);
        if (sealed) countHmac(record, leaf);
      }
    },
    end(): void {
      for (const leaf of outdated.values()) problems.add(`${nameOf(leaf)} was changed.`, leaf);
      findUnlogged(db, records.kinds, logged, problems);
    },
  };
}

function nameOf({ seq, record_type, record_id }: AuditLeaf): string {
  return `Entry ${seq}: the ${record_type.replaceAll('_', ' ')} ${record_id}`;
}

/** Damaged bytes are a finding here, not a failure. */
function readable<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
