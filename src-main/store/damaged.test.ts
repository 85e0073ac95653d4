import { getTableColumns, getTableName } from 'drizzle-orm';
import { SQLiteCustomColumn, SQLiteTable } from 'drizzle-orm/sqlite-core';
import Database from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import {
  batchInput,
  findCachedVersion,
  getBatch,
  getBudget,
  getConnection,
  getConnectionDialect,
  getDriftEvent,
  getProvider,
  getRawResponse,
  getRunRow,
  getLabelRequest,
  getTemplate,
  latestPromptChange,
  listLabelRules,
  promptRow,
  listBatchLocks,
  listReviews,
  listVersions,
  rawPartsOf,
  schema,
  sentApi,
  streamHeadOf,
  type ReadDb,
} from '.';
import { openTempStore } from '../../test/support/temp-store';
import { AT, GUARDED_ROWS } from './guarded-rows.fixture';

const EVIDENCE = JSON.stringify({
  requested_model: 'm',
  echoed_model: null,
  system_fingerprint: null,
  extra: {},
});
const EXPECTED = JSON.stringify({ provider_version_key: null, evidence_grade: null, evidence: null });

type Row = Readonly<Record<string, string | number | Buffer | null>>;

/** A record of each table whose columns say what they hold, its key first, and the id that an error names. */
const RECORDS: Readonly<Record<string, { id: string; row: Row; read: (db: ReadDb) => unknown }>> = {
  templates: { id: 't1', row: {}, read: (db) => getTemplate(db, 't1') },
  prompt_changes: { id: 'p1', row: {}, read: (db) => latestPromptChange(db, 't1') },
  prompts: {
    id: 't1',
    row: {
      prompt_id: 't1',
      seq: 1,
      org_id: 'default',
      workspace_id: 'default',
      name: 'Triage',
      active: 1,
      archived: 0,
      versions: 1,
    },
    read: (db) => promptRow(db, 't1'),
  },
  label_rules: { id: 'lr1', row: {}, read: (db) => listLabelRules(db) },
  label_requests: { id: 'lq1', row: {}, read: (db) => getLabelRequest(db, 'lq1') },
  label_decisions: { id: 'ld1', row: {}, read: (db) => getLabelRequest(db, 'lq1') },
  prompt_versions: { id: 'v1', row: { evidence: EVIDENCE }, read: (db) => listVersions(db, 't1') },
  provider_version_cache: {
    id: 'c1/m',
    row: {
      connection_id: 'c1',
      model_id: 'm',
      provider: 'mine',
      run_id: 'r1',
      template_id: 't1',
      provider_version_key: 'fp_1',
      evidence_grade: 'fingerprint',
      evidence: EVIDENCE,
      etag: 'e'.repeat(64),
      observed_at: AT,
    },
    read: (db) => findCachedVersion(db, 'c1', 'm'),
  },
  drift_events: {
    id: 'd1',
    row: { before_evidence: EVIDENCE, after_evidence: EVIDENCE },
    read: (db) => getDriftEvent(db, 'd1'),
  },
  batches: { id: 'b1', row: {}, read: (db) => getBatch(db, 'b1') },
  batch_inputs: { id: 'b1/0', row: {}, read: (db) => batchInput(db, 'b1', 0) },
  batch_locks: {
    id: 'b1/1',
    row: { seq: 1, evidence: EVIDENCE, expected: EXPECTED },
    read: (db) => listBatchLocks(db, 'b1'),
  },
  providers: {
    id: 'mine',
    row: {
      provider_id: 'mine',
      name: 'Mine',
      protocol: 'anthropic',
      needs_key: 1,
      is_system: 0,
      created_at: AT,
    },
    read: (db) => getProvider(db, 'mine'),
  },
  connections: {
    id: 'c1',
    row: {
      connection_id: 'c1',
      org_id: 'default',
      name: 'Mine',
      provider: 'mine',
      key_source: 'none',
      concurrency: 1,
      created_at: AT,
    },
    read: (db) => getConnection(db, 'c1'),
  },
  connection_dialects: {
    id: 'c1',
    row: { connection_id: 'c1' },
    read: (db) => getConnectionDialect(db, 'c1'),
  },
  price_snapshots: { id: 'r1', row: { price_snapshot_id: 1 }, read: (db) => getRunRow(db, 'r1') },
  runs: { id: 'r1', row: { price_snapshot_id: 1 }, read: (db) => getRunRow(db, 'r1') },
  attempts: { id: 'a1', row: {}, read: (db) => [sentApi(db, 'a1'), streamHeadOf(db, 'a1')] },
  raw_responses: { id: 'a1', row: {}, read: (db) => getRawResponse(db, 'a1') },
  raw_parts: { id: 'a1/0', row: {}, read: (db) => rawPartsOf(db, 'a1') },
  reviews: { id: 'w1', row: {}, read: (db) => listReviews(db, 'r1') },
  budgets: {
    id: 'default/default',
    row: {
      org_id: 'default',
      workspace_id: 'default',
      monthly_picodollars: 1,
      warn_percent: 80,
      updated_at: AT,
    },
    read: (db) => getBudget(db, { org_id: 'default', workspace_id: 'default' }),
  },
};

/** Written for the audit log or for SQL's own conditions, or copied as they are: nothing takes them for a value. */
const NEVER_READ = new Set([
  'attempts.status',
  'attempts.failure',
  'batch_status_changes.status',
  'batch_status_changes.changed_by',
  'version_sightings.evidence_grade',
  'version_sightings.evidence',
]);

/** What no column of these holds: SQLite lets no other kind of value, nor half a number, into a strict table. */
const DAMAGE: Readonly<Record<string, string | number>> = { text: '{"half', integer: 2 };

test('whatever column of a record is damaged, reading it is an error that names both', () => {
  const store = openTempStore();
  const db = new Database(store.info.path);
  onTestFinished(() => {
    db.close();
  });
  const triggers = db
    .prepare<[], string>(`SELECT name FROM sqlite_schema WHERE type = 'trigger'`)
    .pluck()
    .all();
  for (const name of triggers) db.exec(`DROP TRIGGER ${name}`);
  db.pragma('foreign_keys = OFF');
  db.pragma('ignore_check_constraints = ON');
  for (const [table, { row }] of Object.entries(RECORDS)) {
    const whole = { ...GUARDED_ROWS[table], ...row };
    const names = Object.keys(whole);
    db.prepare(`INSERT INTO ${table} (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`).run(
      ...Object.values(whole),
    );
  }

  const told: Record<string, string> = {};
  const wanted: Record<string, string> = {};
  for (const { table, column, damage } of declaredColumns()) {
    const place = `${table}.${column}`;
    if (NEVER_READ.has(place)) continue;
    const record = RECORDS[table];
    wanted[place] = `STORE_CORRUPT: The store contains a damaged value: ${place} of ${record?.id ?? '?'}.`;
    if (record === undefined) continue;
    record.read(store.read);
    const [key, id] = Object.entries({ ...GUARDED_ROWS[table], ...record.row }).at(0) ?? [];
    const before = db
      .prepare<unknown[], string | number | null>(`SELECT ${column} FROM ${table} WHERE ${key} = ?`)
      .pluck()
      .get(id);
    const put = db.prepare(`UPDATE ${table} SET ${column} = ? WHERE ${key} = ?`);
    put.run(damage, id);
    told[place] = errorOf(() => record.read(store.read));
    put.run(before, id);
  }
  expect(told).toEqual(wanted);
});

/** Columns that are decoded, but for those that SQL works out, money and bytes. */
function declaredColumns(): { table: string; column: string; damage: string | number }[] {
  return Object.values(schema)
    .filter((table) => table instanceof SQLiteTable)
    .flatMap((table) =>
      Object.values(getTableColumns(table)).flatMap((column) => {
        const damage = DAMAGE[column.getSQLType()];
        const isDecoded = column instanceof SQLiteCustomColumn && column.generated === undefined;
        return isDecoded && damage !== undefined && !column.name.endsWith('_picodollars')
          ? [{ table: getTableName(table), column: column.name, damage }]
          : [];
      }),
    );
}

function errorOf(read: () => unknown): string {
  try {
    return `no error but ${JSON.stringify(read())}`;
  } catch (error) {
    return error instanceof Error && 'code' in error
      ? `${String(error.code)}: ${error.message}`
      : String(error);
  }
}
