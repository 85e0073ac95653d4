import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import { openStore } from '.';
import { storeOptions } from '../../test/support/temp-store';
import { AT, GUARDED_ROWS } from './guarded-rows.fixture';
import { DERIVED_COLUMNS } from './runs/tables';

/** What may change, because it is a state or is derived from the bytes. Everything else is what was asked or answered. */
const MUTABLE: Readonly<Record<string, readonly string[]>> = {
  prompt_versions: ['last_seen_at'],
  batches: ['status', 'status_reason', 'started_at', 'finished_at', 'tally'],
  batch_locks: ['accepted_at'],
  attempts: ['status', 'request_api', 'request_json', 'stream_head', 'ended_at', 'failure'],
  runs: [
    ...DERIVED_COLUMNS,
    'status',
    'cached',
    'attempt_id',
    'parse_attempts',
    'earlier_cost_picodollars',
    'step2_tools_invoked',
    'step2_source_ref',
    'als_block_text',
    'als_block_sha256',
    'als_variant_id',
    'seed_key_id',
    'provoker_value',
  ],
};

/** The unique keys of each table, each able to replace a row. */
const UNIQUE_KEYS: Readonly<Record<string, readonly (readonly string[])[]>> = {
  templates: [['template_id'], ['seq']],
  prompt_versions: [
    ['version_id'],
    ['seq'],
    ['org_id', 'workspace_id', 'template_id', 'provider_version_key'],
  ],
  batches: [['batch_id'], ['seq']],
  batch_inputs: [['batch_id', 'input_index']],
  price_snapshots: [['sha256'], ['price_snapshot_id']],
  runs: [['run_id'], ['seq'], ['batch_id', 'batch_run_index']],
  drift_events: [['drift_id'], ['seq']],
  template_pins: [['pin_id'], ['seq']],
  prompt_changes: [['change_id'], ['seq']],
  assets: [['asset_sha256'], ['seq']],
  partials: [['partial_id'], ['seq']],
  label_rules: [['rule_id'], ['seq']],
  label_requests: [['request_id'], ['seq']],
  label_decisions: [['decision_id'], ['request_id'], ['move_id'], ['seq']],
  batch_locks: [['seq']],
  batch_status_changes: [['seq']],
  attempts: [['attempt_id'], ['seq'], ['run_id', 'attempt_index']],
  raw_responses: [['attempt_id'], ['seq']],
  raw_parts: [['attempt_id', 'part_index']],
  connection_changes: [['change_id'], ['seq']],
  reviews: [['review_id'], ['seq'], ['attempt_id']],
  audit_leaves: [['seq']],
  audit_checkpoints: [['size']],
};

/** Of the unique keys those that hold for some rows only. */
const PARTIAL: Readonly<Record<string, string>> = {
  'runs.batch_run_index': 'WHERE batch_id IS NOT NULL ',
  'reviews.attempt_id': 'WHERE previous_review_id IS NULL ',
};

interface Column {
  readonly name: string;
  readonly type: string;
}

/** A connection that goes around the store, as a bug or another program would. Foreign keys are not what refuses. */
function openGuarded(recursiveTriggers: boolean): Database.Database {
  const options = storeOptions();
  const store = openStore(options);
  store.write((tx) => {
    tx.prepare(
      `INSERT INTO connections (connection_id, org_id, name, provider, key_source, concurrency, created_at)
       VALUES ('c1', 'default', 'Mine', 'openai', 'none', 1, '${AT}')`,
    ).run();
    for (const [table, row] of Object.entries(GUARDED_ROWS)) {
      const columns = Object.keys(row);
      tx.prepare<unknown[], never>(
        `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`,
      ).run(...Object.values(row));
    }
  });
  store.close();
  const db = new Database(join(options.home, 'prompter.db'));
  db.pragma('foreign_keys = OFF');
  db.pragma(`recursive_triggers = ${recursiveTriggers ? 'ON' : 'OFF'}`);
  onTestFinished(() => void db.close());
  return db;
}

function columnsOf(db: Database.Database, table: string): Column[] {
  return db.prepare<[string], Column>(`SELECT name, type FROM pragma_table_info(?)`).all(table);
}

/** Another value of the column's type; a check on the value is not what should refuse it. */
function otherValue({ name, type }: Column): string {
  if (name === 'deleted_at') return `'${AT}'`;
  if (name === 'status') return `iif(status = 'completed', 'paused', 'outcome_unknown')`;
  if (name === 'grounding_mode') return `'required'`;
  if (name === 'encoding') return `'zstd'`;
  if (name === 'config_sha256') return `'${'f'.repeat(64)}'`;
  if (type === 'BLOB') return `x'00'`;
  if (type === 'TEXT') return `'other'`;
  return ['als', 'simulated', 'complete', 'redacted', 'cached', 'stream'].includes(name)
    ? `1 - ${name}`
    : '77';
}

function rowsOf(db: Database.Database, table: string): unknown[] {
  return db.prepare(`SELECT * FROM ${table}`).all();
}

/** The copy of the row in which every unique key but `kept` is another one. */
function conflicting(db: Database.Database, table: string, kept: readonly string[]): string {
  const keys = new Set((UNIQUE_KEYS[table] ?? []).flat());
  // Keys share columns, so one that is not kept is told apart by its last column.
  const changed = new Set(
    (UNIQUE_KEYS[table] ?? [])
      .filter((key) => key !== kept)
      .map((key) => key.findLast((column) => !kept.includes(column)))
      .filter((column) => column !== undefined),
  );
  const values = columnsOf(db, table).map((column) =>
    keys.has(column.name) && changed.has(column.name) ? otherValue(column) : column.name,
  );
  return `SELECT ${values.join(', ')} FROM ${table}`;
}

const tables = Object.keys(GUARDED_ROWS);

test.each(tables)('%s: no column of what was stored can be updated', (table) => {
  const db = openGuarded(true);
  const before = rowsOf(db, table);
  const guarded = columnsOf(db, table).filter(({ name }) => !MUTABLE[table]?.includes(name));
  expect(guarded.length).toBeGreaterThan(2);

  for (const column of guarded) {
    if (column.name === 'deleted_at') continue;
    // Together with the one change that is allowed: archiving must not carry another change along.
    const archiving = table === 'templates' ? `, deleted_at = '${AT}'` : '';
    for (const verb of ['UPDATE', 'UPDATE OR REPLACE', 'UPDATE OR IGNORE']) {
      const sql = `${verb} ${table} SET ${column.name} = ${otherValue(column)}${archiving}`;
      expect(() => db.exec(sql), sql).toThrow(`immutable: ${table}`);
    }
  }
  expect(rowsOf(db, table)).toEqual(before);
});

test.each(Object.keys(MUTABLE))(
  '%s: what is a state or derived can be updated, so the guard is no wider than it says',
  (table) => {
    const db = openGuarded(true);
    for (const column of columnsOf(db, table)) {
      if (MUTABLE[table]?.includes(column.name))
        db.exec(`UPDATE ${table} SET ${column.name} = ${otherValue(column)}`);
    }
  },
);

test.each(tables)('%s: no row can be deleted', (table) => {
  const db = openGuarded(true);
  const before = rowsOf(db, table);
  expect(() => db.exec(`DELETE FROM ${table}`)).toThrow(`immutable: ${table}`);
  expect(rowsOf(db, table)).toEqual(before);
});

// A connection of another program may not have recursive triggers on; the insert guards do not need them.
const replacements = tables.flatMap((table) =>
  (UNIQUE_KEYS[table] ?? []).flatMap((key) => [true, false].map((recursive) => ({ table, key, recursive }))),
);

test.each(replacements)(
  '$table: no row can be replaced by $key (recursive triggers $recursive)',
  ({ table, key, recursive }) => {
    const db = openGuarded(recursive);
    const before = rowsOf(db, table);
    const copy = conflicting(db, table, key);
    const update = columnsOf(db, table).at(-1)?.name ?? '';

    expect(() => db.exec(`INSERT OR REPLACE INTO ${table} ${copy}`)).toThrow(`immutable: ${table}`);
    expect(() =>
      db.exec(
        `INSERT INTO ${table} ${copy} WHERE true
       ON CONFLICT (${key.join(', ')}) ${PARTIAL[`${table}.${key.at(-1)}`] ?? ''}
       DO UPDATE SET ${update} = excluded.${update}`,
      ),
    ).toThrow(`immutable: ${table}`);
    expect(rowsOf(db, table)).toEqual(before);
  },
);

test('templates: a new one cannot replace an active one of the same configuration', () => {
  const db = openGuarded(true);
  const before = rowsOf(db, 'templates');
  const values = columnsOf(db, 'templates').map((column) =>
    ['seq', 'template_id', 'prompt_id'].includes(column.name) ? otherValue(column) : column.name,
  );
  const copy = `SELECT ${values.join(', ')} FROM templates`;
  expect(() => db.exec(`INSERT OR REPLACE INTO templates ${copy}`)).toThrow('immutable: templates');
  expect(() => db.exec(`INSERT INTO templates ${copy}`)).toThrow('UNIQUE constraint failed');
  expect(rowsOf(db, 'templates')).toEqual(before);
});

test('templates: archived once, and for good', () => {
  const db = openGuarded(true);
  db.exec(`UPDATE templates SET deleted_at = '${AT}'`);
  const archived = rowsOf(db, 'templates');
  expect(() => db.exec(`UPDATE templates SET deleted_at = '2027-01-01'`)).toThrow('immutable: templates');
  expect(() => db.exec(`UPDATE templates SET deleted_at = NULL`)).toThrow('immutable: templates');
  expect(rowsOf(db, 'templates')).toEqual(archived);
});
