import { appendLeaf, contentOf, lastLeafSeq, type RecordType, type Store } from '../store';

/** Records of each kind in the order in which they came. */
const KINDS: readonly (readonly [type: RecordType, sql: string])[] = [
  ['template', `SELECT template_id AS id FROM templates ORDER BY seq`],
  ['template_archived', `SELECT template_id AS id FROM templates WHERE deleted_at IS NOT NULL ORDER BY seq`],
  ['connection', `SELECT connection_id AS id FROM connections ORDER BY seq`],
  [
    'connection_archived',
    `SELECT connection_id AS id FROM connections WHERE deleted_at IS NOT NULL ORDER BY seq`,
  ],
  ['version', `SELECT version_id AS id FROM prompt_versions ORDER BY seq`],
  ['run', `SELECT run_id AS id FROM runs ORDER BY seq`],
  ['answer', `SELECT attempt_id AS id FROM raw_responses ORDER BY seq`],
  [
    'result',
    `SELECT run_id AS id FROM runs WHERE status NOT IN ('pending', 'sending', 'raw_stored') ORDER BY seq`,
  ],
  ['review', `SELECT review_id AS id FROM reviews ORDER BY seq`],
];

/** Logs what a store held before it had a log, as it is now. @returns how many entries that made */
export function adoptRecords(store: Store): number {
  if (lastLeafSeq(store.read) > 0) return 0;
  return store.write((tx) => {
    for (const [type, sql] of KINDS) {
      for (const { id } of tx.prepare<[], { id: string }>(sql).all()) {
        const content = contentOf(tx, type, id);
        if (content !== null) appendLeaf(tx, { type, id, content });
      }
    }
    return lastLeafSeq(tx);
  });
}
