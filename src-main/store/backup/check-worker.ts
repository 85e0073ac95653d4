// Runs in a thread of its own: reading a large store from end to end takes seconds, in which its owner has to answer.
// An entry of its own in the build, and run as it is by tests: it imports nothing of ours.
import { parentPort, workerData } from 'node:worker_threads';
import Database from 'better-sqlite3';

/** Progress per table, then the result. */
export type CheckMessage =
  | { readonly type: 'table'; readonly table: string; readonly rows: number; readonly done: number }
  | { readonly type: 'problem'; readonly problem: string }
  | { readonly type: 'end' };

// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread's port has one other end and no origin
const tell = (message: CheckMessage): void => parentPort?.postMessage(message);

/** Names come from the file itself, which may be anyone's. */
function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

function problemOf(db: Database.Database, table: string): string | null {
  const result = db.pragma(`integrity_check(${quoted(table)})`, { simple: true });
  if (result !== 'ok') return String(result);
  const violations = db.pragma(`foreign_key_check(${quoted(table)})`);
  return Array.isArray(violations) && violations.length > 0
    ? 'a row refers to one that does not exist'
    : null;
}

function check(path: string): void {
  const db = new Database(path, { readonly: true, fileMustExist: true });
  try {
    const tables = db
      .prepare<[], { name: string }>(
        `SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
           AND sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY name`,
      )
      .all();
    for (const [index, { name: table }] of tables.entries()) {
      const problem = problemOf(db, table);
      if (problem !== null) {
        tell({ type: 'problem', problem: `${table}: ${problem}` });
        return;
      }
      const counted = db.prepare<[], { n: number }>(`SELECT count(*) AS n FROM ${quoted(table)}`).get();
      tell({ type: 'table', table, rows: counted?.n ?? 0, done: (index + 1) / tables.length });
    }
    // What belongs to no table: the free list, and whether every page is accounted for.
    const rest = db.pragma('quick_check(1)', { simple: true });
    tell(rest === 'ok' ? { type: 'end' } : { type: 'problem', problem: String(rest) });
  } finally {
    db.close();
  }
}

try {
  check(String(workerData));
} catch (error) {
  const code = error instanceof Error && 'code' in error ? `${String(error.code)}: ` : '';
  tell({ type: 'problem', problem: `${code}${error instanceof Error ? error.message : String(error)}` });
}
