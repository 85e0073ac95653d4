import {
  appendLeaf,
  contentOf,
  getSetting,
  lastLeafSeq,
  putSetting,
  type ReadDb,
  type RecordType,
  type Store,
  type WriteDb,
} from '../store';

/** Records of each kind in the order in which they came. */
const KINDS: readonly (readonly [type: RecordType, sql: string])[] = [
  ['template', `SELECT template_id AS id FROM templates ORDER BY seq`],
  ['template_archived', `SELECT template_id AS id FROM templates WHERE deleted_at IS NOT NULL ORDER BY seq`],
  ['connection', `SELECT connection_id AS id FROM connections ORDER BY seq`],
  ['connection_change', `SELECT change_id AS id FROM connection_changes ORDER BY seq`],
  [
    'connection_archived',
    `SELECT connection_id AS id FROM connections WHERE deleted_at IS NOT NULL ORDER BY seq`,
  ],
  ['connection_key', `SELECT connection_id AS id FROM connections ORDER BY seq`],
  ['label', `SELECT move_id AS id FROM template_labels ORDER BY seq`],
  ['pin', `SELECT pin_id AS id FROM template_pins ORDER BY seq`],
  ['budget', `SELECT org_id || '/' || workspace_id AS id FROM budgets ORDER BY org_id, workspace_id`],
  ['price_snapshot', `SELECT sha256 AS id FROM price_snapshots ORDER BY price_snapshot_id`],
  ['batch', `SELECT batch_id AS id FROM batches ORDER BY seq`],
  ['batch_lock', `SELECT batch_id || '/' || seq AS id FROM batch_locks ORDER BY seq`],
  [
    'batch_lock_accepted',
    `SELECT batch_id || '/' || seq AS id FROM batch_locks WHERE accepted_at IS NOT NULL ORDER BY seq`,
  ],
  ['version', `SELECT version_id AS id FROM prompt_versions ORDER BY seq`],
  ['drift', `SELECT drift_id AS id FROM drift_events ORDER BY seq`],
  ['run', `SELECT run_id AS id FROM runs ORDER BY seq`],
  ['answer', `SELECT attempt_id AS id FROM raw_responses ORDER BY seq`],
  [
    'result',
    `SELECT run_id AS id FROM runs WHERE status NOT IN ('pending', 'sending', 'raw_stored') ORDER BY seq`,
  ],
  ['review', `SELECT review_id AS id FROM reviews ORDER BY seq`],
];

/** What is logged since a later build: of stores that have a log already, what it does not have yet. */
const LATER_KINDS: typeof KINDS = [
  [
    'attempt',
    `SELECT attempt_id AS id FROM attempts WHERE status IN ('not_sent', 'outcome_unknown')
       AND unhex(replace(attempt_id, '-', '')) NOT IN (SELECT record_id FROM audit_leaves WHERE record_type = 'attempt')
     ORDER BY seq`,
  ],
];

/** How far a store was adopted. Once for each: a log that was emptied later is not begun anew, which would hide that. */
const ADOPTED = 'audit.adopted';
const ALL = '2';

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
    const kinds = adopted === null && !hasEntries(tx) ? [...KINDS, ...LATER_KINDS] : LATER_KINDS;
    for (const [type, sql] of kinds) {
      for (const { id } of tx.prepare<[], { id: string }>(sql).all()) {
        const content = contentOf(tx, type, id);
        if (content !== null) appendLeaf(tx, { type, id, content });
      }
    }
    putSetting(tx, ADOPTED, ALL);
    return lastLeafSeq(tx) - before;
  });
}

/** Of its own: that a copy from before there was a log was restored is logged first. */
function hasEntries(tx: WriteDb): boolean {
  return tx.prepare(`SELECT 1 FROM audit_leaves WHERE record_type <> 'restored' LIMIT 1`).get() !== undefined;
}
