import { hash } from 'node:crypto';
import { contentOf, hmacHolds, RECORD_TYPES, stateOf, type AuditLeaf, type ReadDb } from '../store';
import { findUnlogged } from './unlogged';
import type { ProblemList } from './report';
import type { Trust } from './trust';

/** Holds each entry against the record it is about, as the store has it now. */
export function createRecordChecks(db: ReadDb, { record_keys }: Trust, problems: ProblemList) {
  const keys = new Map(record_keys.map((key) => [key.id, key] as const));
  const hmac = { hmac_verified: 0, hmac_unverifiable: 0, hmac_missing: 0 };
  /** How many entries there are of each type. */
  const logged = new Map<string, number>();
  /** States that are not what the record has now: right where a later entry explains it, reported where none does. */
  const outdated = new Map<string, AuditLeaf>();

  const checkHmac = (content: string, leaf: AuditLeaf): void => {
    const { holds, keyId } = hmacHolds(content, (id) => keys.get(id) ?? null);
    if (holds === true) hmac.hmac_verified += 1;
    else if (holds === false) problems.add(`${nameOf(leaf)} has a wrong HMAC.`, leaf);
    else if (keyId !== null) hmac.hmac_unverifiable += 1;
    else hmac.hmac_missing += 1;
  };

  return {
    hmac,
    check(leaf: AuditLeaf): void {
      const type = RECORD_TYPES.find((known) => known === leaf.record_type);
      if (type === undefined) return problems.add(`Entry ${leaf.seq} has an unknown type.`, leaf);
      logged.set(type, (logged.get(type) ?? 0) + 1);
      const content = readable(() => contentOf(db, type, leaf.record_id));
      const holds = typeof content === 'string' && hash('sha256', content) === leaf.content_sha256;
      const state = stateOf(type);
      if (state !== null) {
        const subject = `${state} ${leaf.record_id}`;
        if (holds) outdated.delete(subject);
        else outdated.set(subject, leaf);
        return;
      }
      if (content === undefined) problems.add(`${nameOf(leaf)} can no longer be read.`, leaf);
      else if (content === null) problems.add(`${nameOf(leaf)} is no longer in the store.`, leaf);
      else {
        if (!holds) problems.add(`${nameOf(leaf)} was changed.`, leaf);
        if (type === 'template' || type === 'run') checkHmac(content, leaf);
      }
    },
    end(): void {
      for (const leaf of outdated.values()) problems.add(`${nameOf(leaf)} was changed.`, leaf);
      findUnlogged(db, logged, problems);
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
