import { leavesAfter, type RecordType, type Store } from '../store';
import type { ProblemList } from './report';

/** Which rows must have an entry of which type. */
const EXPECTED: readonly (readonly [type: RecordType, table: string, id: string, where: string])[] = [
  ['template', 'templates', 'template_id', '1'],
  ['template_archived', 'templates', 'template_id', 'deleted_at IS NOT NULL'],
  ['connection', 'connections', 'connection_id', '1'],
  ['connection_archived', 'connections', 'connection_id', 'deleted_at IS NOT NULL'],
  ['version', 'prompt_versions', 'version_id', '1'],
  ['run', 'runs', 'run_id', '1'],
  ['answer', 'raw_responses', 'attempt_id', '1'],
  ['review', 'reviews', 'review_id', '1'],
  ['result', 'runs', 'run_id', `status NOT IN ('pending', 'sending', 'raw_stored')`],
  ['restored', 'settings', 'substr(key, 10)', `key >= 'restored:' AND key < 'restored;'`],
];

/**
 * Records that the log knows nothing of: counted, and only where the counts differ looked for by name.
 * `logged` holds how many different records of each type have an entry that stands.
 */
export function findUnlogged(
  store: Store,
  logged: ReadonlyMap<string, number>,
  retried: ReadonlySet<string>,
  problems: ProblemList,
): void {
  for (const [type, table, id, where] of EXPECTED) {
    const rows = store.read
      .prepare<[], { n: number }>(`SELECT count(*) AS n FROM ${table} WHERE ${where}`)
      .get();
    if (rows?.n === (logged.get(type) ?? 0)) continue;
    const known = loggedIds(store, type, type === 'result' ? retried : new Set());
    const stored = store.read.prepare<[], { id: string }>(`SELECT ${id} AS id FROM ${table} WHERE ${where}`);
    for (const row of stored.iterate()) {
      if (!known.has(row.id)) problems.add(`The ${type} ${row.id} is in the store but not in the log.`);
    }
  }
}

function loggedIds(store: Store, type: RecordType, without: ReadonlySet<string>): Set<string> {
  const ids = new Set<string>();
  for (let last = 0; ;) {
    const leaves = leavesAfter(store.read, last, 1000);
    for (const leaf of leaves) {
      last = leaf.seq;
      if (leaf.record_type === type && !without.has(leaf.record_id)) ids.add(leaf.record_id);
    }
    if (leaves.length === 0) return ids;
  }
}
