import * as z from 'zod';
import { getSetting, LOG_NAME, longRead, type ReadDb } from '../store';
import { isAdopted } from './adopt';
import { storedKey } from './keys';
import { reportSchema, type AuditReport } from './report';
import type { TrustAnchors } from './trust-anchors';
import { walk } from './verify-log';

/**
 * Verifies a copy's log against its own records only. Outside heads belong to the live store, which may be newer, and
 * HMACs need the keychain of the machine that restores.
 */
export const verifyCopy = longRead<null, AuditReport | null>({
  name: 'audit.verify_copy',
  input: z.null(),
  output: reportSchema.nullable(),
  *run(db) {
    // Records without an entry cannot be checked yet: starting the app logs them.
    return isAdopted(db) ? yield* walk(db, trustOf(db)) : null;
  },
});

function trustOf(db: ReadDb): TrustAnchors {
  return {
    origin: getSetting(db, LOG_NAME) ?? '',
    stored_key: storedKey(db),
    kept_key: null,
    head_file: { state: 'absent' },
    signed: 0,
    kept_head: null,
    successor: null,
    record_keys: [],
  };
}
