import { hash } from 'node:crypto';
import Database from 'better-sqlite3';
import { leafText } from '../../../src-main/store';

export type Random = (below: number) => number;

/** An edit to the file, and what the report must name. `exported`: whether an export of the file reveals it too. */
export interface Tampering {
  readonly name: string;
  readonly exported: boolean;
  apply(db: Database.Database, random: Random): RegExp;
}

type Value = string | number | Uint8Array | null;
type Row = Readonly<Record<string, Value>>;

/**
 * Tables with records: the id by which a report names them, which rows are fully covered, and the columns that no
 * entry covers because they may change during a record's life.
 */
export const AUDITED_TABLES: readonly { table: string; id: string; where?: string; free: string }[] = [
  {
    table: 'templates',
    id: 'template_id',
    where: 'deleted_at IS NOT NULL',
    free: 'seq prompt_id version_number',
  },
  { table: 'prompt_changes', id: 'change_id', free: 'seq' },
  { table: 'partials', id: 'partial_id', free: 'seq' },
  { table: 'assets', id: 'asset_sha256', free: 'seq' },
  { table: 'template_labels', id: 'move_id', free: 'seq' },
  { table: 'label_rules', id: 'rule_id', free: 'seq' },
  { table: 'label_requests', id: 'request_id', free: 'seq' },
  { table: 'label_decisions', id: 'decision_id', free: 'seq' },
  { table: 'template_pins', id: 'pin_id', free: 'seq' },
  {
    table: 'connections',
    id: 'connection_id',
    where: 'deleted_at IS NOT NULL',
    free: 'seq last_test_at last_test_ok last_test_message',
  },
  { table: 'connection_changes', id: 'change_id', free: 'seq' },
  { table: 'budgets', id: 'workspace_id', free: '' },
  { table: 'price_snapshots', id: 'sha256', free: '' },
  {
    table: 'batches',
    id: 'batch_id',
    free: 'seq status status_reason started_at finished_at tally',
  },
  { table: 'batch_status_changes', id: 'batch_id', free: '' },
  {
    table: 'attempts',
    id: 'attempt_id',
    where: `status = 'outcome_unknown'`,
    free: 'seq request_json',
  },
  { table: 'batch_inputs', id: 'batch_id', free: '' },
  { table: 'batch_locks', id: 'batch_id', free: '' },
  { table: 'prompt_versions', id: 'version_id', free: 'seq last_seen_at' },
  { table: 'drift_events', id: 'drift_id', free: 'seq' },
  { table: 'runs', id: 'run_id', where: `status = 'succeeded'`, free: 'seq' },
  // `encoding` is how the bytes are stored; only the decoded bytes are covered.
  { table: 'raw_responses', id: 'attempt_id', free: 'seq encoding' },
];

const LEAF_COLUMNS = ['record_type', 'record_id', 'content_sha256', 'salt', 'created_at', 'actor'];
const CHECKPOINT_COLUMNS = ['size', 'root', 'edge', 'note', 'verifier_key', 'ephemeral'];

/** An edit of each column of each table with records, of leaves and of checkpoints. */
export function columnEdits(db: Database.Database): Tampering[] {
  const columnsOf = (table: string): string[] =>
    db.prepare<[string], string>(`SELECT name FROM pragma_table_info(?)`).pluck().all(table);
  return [
    ...AUDITED_TABLES.flatMap(({ table, id, where = '1', free }) =>
      columnsOf(table)
        .filter((column) => !free.split(' ').includes(column))
        .map((column) => edit({ table, id, where, column, exported: true })),
    ),
    edit({
      table: 'attempts',
      id: 'attempt_id',
      where: `status = 'answered'`,
      column: 'request_json',
      exported: true,
    }),
    edit({ table: 'runs', id: 'run_id', where: `status = 'sending'`, column: 'status', exported: false }),
    // These follow from what is sealed, so an export does without them.
    ...['prompt_id', 'version_number'].map((column) =>
      edit({ table: 'templates', id: 'template_id', where: '1', column, exported: false }),
    ),
    ...['status', 'status_reason'].map((column) =>
      edit({ table: 'batches', id: 'batch_id', where: '1', column, exported: false }),
    ),
    ...LEAF_COLUMNS.map((column) => leafEdit(column, true)),
    leafEdit('leaf_check', false),
    ...CHECKPOINT_COLUMNS.map((column) => ({
      name: `edit audit_checkpoints.${column}`,
      exported: column === 'note' || column === 'verifier_key',
      apply(on: Database.Database): RegExp {
        const size = Number(on.prepare(`SELECT max(size) FROM audit_checkpoints`).pluck().get());
        set(on, 'audit_checkpoints', 'size', size, column);
        return new RegExp(`(checkpoint at ${size + (column === 'size' ? 1 : 0)} entries)`);
      },
    })),
  ];
}

function edit(of: {
  table: string;
  id: string;
  where: string;
  column: string;
  exported: boolean;
}): Tampering {
  const { table, id, where, column, exported } = of;
  return {
    name: `edit ${table}.${column}`,
    exported,
    apply(db, random) {
      const rows = db
        .prepare<[], { place: number; name: string }>(
          table === 'batch_inputs' || table === 'budgets'
            ? `SELECT 0 AS place, ${id} AS name FROM ${table}`
            : `SELECT rowid AS place, ${id} AS name FROM ${table} WHERE ${where}`,
        )
        .all();
      const victim = rows[random(rows.length)];
      if (!victim) throw new Error(`There is no row in ${table} to edit.`);
      if (victim.place === 0) set(db, table, id, victim.name, column);
      else set(db, table, 'rowid', victim.place, column);
      return new RegExp(victim.name);
    },
  };
}

function leafEdit(column: string, exported: boolean): Tampering {
  return {
    name: `edit audit_leaves.${column}`,
    exported,
    apply(db, random) {
      const seq = 1 + random(leafCount(db));
      set(db, 'audit_leaves', 'seq', seq, column);
      return new RegExp(`Entry ${seq}\\b`);
    },
  };
}

/** Sets a different value of the column's declared type in the first matching row. */
function set(db: Database.Database, table: string, key: string, place: Value, column: string): void {
  const where = `rowid IN (SELECT rowid FROM ${table} WHERE ${key} = ? LIMIT 1)`;
  const narrow =
    table === 'batch_inputs'
      ? `batch_id = ? AND input_index = 1`
      : table === 'budgets'
        ? `${key} = ?`
        : where;
  const old = db.prepare<[Value], Value>(`SELECT ${column} FROM ${table} WHERE ${narrow}`).pluck().get(place);
  const type = db
    .prepare<[string, string], string>(`SELECT type FROM pragma_table_info(?) WHERE name = ?`)
    .pluck()
    .get(table, column);
  db.prepare(`UPDATE ${table} SET ${column} = ? WHERE ${narrow}`).run(
    another(old ?? null, type ?? '', /^(price_snapshot_id|seq)$/.test(column)),
    place,
  );
}

function another(old: Value, type: string, key: boolean): Value {
  if (old === null) return type === 'TEXT' ? 'planted' : type === 'BLOB' ? Buffer.from('planted') : 1;
  if (typeof old === 'number') return key ? old + 1000 : old + 1;
  if (typeof old === 'string') return `${old}x`;
  const copy = Buffer.from(old);
  copy[copy.length - 1] = (copy.at(-1) ?? 0) ^ 1;
  return copy;
}

export function leafCount(db: Database.Database): number {
  return Number(db.prepare(`SELECT max(seq) FROM audit_leaves`).pluck().get());
}

const hexOf = (value: Value | undefined): string =>
  typeof value === 'string' ? value : Buffer.from(value instanceof Uint8Array ? value : []).toString('hex');

/** Changes an entry and fixes its own hash, so that only the tree reveals it. */
export function forge(db: Database.Database, seq: number, change: { actor?: string; record?: string }): void {
  const row = db.prepare<[number], Row>(`SELECT * FROM audit_leaves WHERE seq = ?`).get(seq);
  const id = row?.['record_id'];
  const leaf = {
    record_type: String(row?.['record_type']),
    record_id:
      typeof id === 'string' ? id : hexOf(id).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5'),
    content_sha256:
      change.record === undefined ? hexOf(row?.['content_sha256']) : hash('sha256', change.record),
    salt: hexOf(row?.['salt']),
    actor: change.actor ?? String(row?.['actor'] ?? 'local'),
    created_at: new Date(Number(row?.['created_at'])).toISOString(),
  };
  db.prepare(`UPDATE audit_leaves SET content_sha256 = ?, actor = ?, leaf_check = ? WHERE seq = ?`).run(
    Buffer.from(leaf.content_sha256, 'hex'),
    leaf.actor === 'local' ? null : leaf.actor,
    hash('sha256', `\0${leafText(leaf)}`, 'buffer').subarray(0, 4),
    seq,
  );
}

function remove(table: string, id: string, exported = true): Tampering {
  return {
    name: `delete from ${table}`,
    exported,
    apply(db, random) {
      const ids = db.prepare<[], string>(`SELECT ${id} FROM ${table}`).pluck().all();
      const victim = ids[random(ids.length)] ?? '';
      db.prepare(`DELETE FROM ${table} WHERE ${id} = ?`).run(victim);
      return new RegExp(victim);
    },
  };
}

/** The range that contains a rewritten entry. */
const AMONG = /^(One of the entries \d+ to \d+ was rewritten|Entry \d+ was rewritten)/m;

export const STRUCTURAL: readonly Tampering[] = [
  remove('templates', 'template_id'),
  remove('connections', 'connection_id'),
  remove('runs', 'run_id'),
  remove('raw_responses', 'attempt_id'),
  remove('template_pins', 'pin_id'),
  remove('batches', 'batch_id'),
  remove('drift_events', 'drift_id'),
  remove('price_snapshots', 'sha256'),
  {
    name: 'plant a template that was never logged',
    exported: false,
    apply(db) {
      db.exec(`CREATE TEMP TABLE copy AS SELECT * FROM templates LIMIT 1;
        UPDATE copy SET seq = 100000, template_id = 'planted', prompt_id = 'planted', version_number = 1, config_sha256 = '${'f'.repeat(64)}';
        INSERT INTO templates SELECT * FROM copy;`);
      return /planted/;
    },
  },
  {
    name: 'plant a template in the place of another',
    exported: true,
    apply(db) {
      db.exec(`UPDATE templates SET template_id = 'planted' WHERE seq = (SELECT max(seq) FROM templates)`);
      return /planted/;
    },
  },
  {
    name: 'bring a template back from the archive',
    exported: true,
    apply(db) {
      const victim = db
        .prepare(`SELECT template_id FROM templates WHERE deleted_at IS NOT NULL`)
        .pluck()
        .get();
      db.prepare(`UPDATE templates SET deleted_at = NULL WHERE template_id = ?`).run(victim);
      return new RegExp(String(victim));
    },
  },
  {
    name: 'change an actor and the hash of the entry with it',
    exported: true,
    apply(db, random) {
      forge(db, 1 + random(leafCount(db)), { actor: 'eve' });
      return AMONG;
    },
  },
  {
    name: 'change a record, its content hash and the hash of the entry',
    exported: true,
    apply(db) {
      const pin = db
        .prepare<[], { seq: number; id: string }>(
          `SELECT seq, lower(hex(record_id)) AS id FROM audit_leaves WHERE record_type = 'pin'`,
        )
        .get();
      const id = pin?.id.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
      db.prepare(`UPDATE template_pins SET note = 'Holds for ever.' WHERE pin_id = ?`).run(id);
      const row = db.prepare<[unknown], Row>(`SELECT * FROM template_pins WHERE pin_id = ?`).get(id);
      const { seq: _, ...columns } = row ?? {};
      const content = JSON.stringify(
        Object.fromEntries(Object.entries(columns).toSorted(([a], [b]) => (a < b ? -1 : 1))),
      );
      forge(db, pin?.seq ?? 0, { record: content });
      return AMONG;
    },
  },
  {
    name: 'delete an entry in the middle',
    exported: true,
    apply(db, random) {
      const seq = 1 + random(leafCount(db) - 1);
      db.prepare(`DELETE FROM audit_leaves WHERE seq = ?`).run(seq);
      return new RegExp(`Entry ${seq} is missing`);
    },
  },
  {
    name: 'delete an entry and close the gap',
    exported: true,
    apply(db, random) {
      const seq = 1 + random(leafCount(db) - 1);
      db.prepare(`DELETE FROM audit_leaves WHERE seq = ?`).run(seq);
      db.prepare(`UPDATE audit_leaves SET seq = -seq WHERE seq > ?`).run(seq);
      db.exec(`UPDATE audit_leaves SET seq = -seq - 1 WHERE seq < 0`);
      return /was cut off/;
    },
  },
  {
    name: 'swap two entries',
    exported: true,
    apply(db, random) {
      const seq = 1 + random(leafCount(db) - 1);
      db.exec(`UPDATE audit_leaves SET seq = -1 WHERE seq = ${seq};
        UPDATE audit_leaves SET seq = ${seq} WHERE seq = ${seq + 1};
        UPDATE audit_leaves SET seq = ${seq + 1} WHERE seq = -1;`);
      return AMONG;
    },
  },
  {
    name: 'cut off the end',
    exported: true,
    apply(db, random) {
      db.prepare(`DELETE FROM audit_leaves WHERE seq > ?`).run(leafCount(db) - 1 - random(3));
      return /was cut off/;
    },
  },
  {
    name: 'empty the log',
    exported: false,
    apply(db) {
      db.exec(`DELETE FROM audit_leaves; DELETE FROM audit_checkpoints`);
      return /was cut off/;
    },
  },
  {
    name: 'cut off the end, with the checkpoints of it',
    exported: false,
    apply(db) {
      const first = Number(db.prepare(`SELECT min(size) FROM audit_checkpoints`).pluck().get());
      db.prepare(`DELETE FROM audit_checkpoints WHERE size > ?`).run(first);
      db.prepare(`DELETE FROM audit_leaves WHERE seq > ?`).run(first);
      return /in the file audit-head .* covers/i;
    },
  },
  {
    name: 'swap the notes of two checkpoints',
    exported: true,
    apply(db) {
      const [first, second] = db
        .prepare<[], { size: number; note: string }>(`SELECT size, note FROM audit_checkpoints ORDER BY size`)
        .all();
      if (!first || !second) throw new Error('There are no two checkpoints.');
      const put = db.prepare(`UPDATE audit_checkpoints SET note = ? WHERE size = ?`);
      put.run(second.note, first.size);
      put.run(first.note, second.size);
      return new RegExp(`checkpoint at ${first.size} entries was changed`);
    },
  },
];

/** Applies the edit with all triggers dropped, then restores them, as a careful attacker would. */
export function tamper(path: string, { apply }: Tampering, random: Random): RegExp {
  const db = new Database(path);
  db.pragma('foreign_keys = OFF');
  db.pragma('ignore_check_constraints = ON');
  const schema = (what: string): string[] =>
    db.prepare<[], string>(`SELECT ${what} FROM sqlite_schema WHERE type = 'trigger'`).pluck().all();
  const definitions = schema('sql');
  for (const name of schema('name')) db.exec(`DROP TRIGGER ${name}`);
  const expected = apply(db, random);
  for (const sql of definitions) db.exec(sql);
  db.close();
  return expected;
}
