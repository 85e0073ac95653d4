import * as z from 'zod';
import { getSetting, LOG_NAME, longRead, type ReadDb } from '../store';
import { isAdopted } from './adopt';
import { storedKey } from './keys';
import { reportSchema, type AuditReport } from './report';
import type { Trust } from './trust';
import { walk } from './verify-log';

/**
 * Holds the log of a copy against the copy's own records. Heads outside are of the store that is in use, which the copy
 * may be older than, and HMACs are for the keychain of the machine that restores: neither is looked at.
 */
export const verifyCopy = longRead<null, AuditReport | null>({
  name: 'audit.verify_copy',
  input: z.null(),
  output: reportSchema.nullable(),
  *run(db) {
    // Records that were never logged have nothing to be held against: the start that logs them comes first.
    return isAdopted(db) ? yield* walk(db, trustOf(db)) : null;
  },
});

function trustOf(db: ReadDb): Trust {
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
