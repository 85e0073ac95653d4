import { spawnSync } from 'node:child_process';
import Database from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import { hasPython } from '../../../test/support/audit/audit-python';
import { AUDITED_TABLES } from '../../../test/support/audit/audit-tampering';
import { storeOptions } from '../../../test/support/temp-store';
import { RECORD_TYPES } from '../../../src-shared/domain';
import { PYTHON_VERIFIER } from '../../audit';
import { RECORD_KINDS } from '../../team/postgres/kinds';
import { migrate } from '../migrations/migrate';
import { SHIPPED_MIGRATIONS } from '../migrations/shipped';
import { createContents, SEAL_COLUMNS } from './content';
import { rowsOf, type Kind } from './kind';
import { KINDS } from './kinds';

function schema(version: number): Database.Database {
  const db = new Database(':memory:');
  onTestFinished(() => void db.close());
  migrate(db, SHIPPED_MIGRATIONS.slice(0, version), storeOptions());
  return db;
}

/** Without those that SQLite works out by itself. */
function columnsOf(db: Database.Database, table: string): string[] {
  return db
    .prepare<[string], string>(`SELECT name FROM pragma_table_info(?) ORDER BY name`)
    .pluck()
    .all(table);
}

const kindOf = (type: (typeof RECORD_TYPES)[number]): Kind => KINDS[type];
const isComputed = ({ computed = [] }: Kind, column: string): boolean => computed.includes(column);

test.each(RECORD_TYPES)('%s: what is logged is in the schema since which it is logged', (type) => {
  const kind = kindOf(type);
  const [first, ...later] = kind.versions;
  for (const { since, columns } of [
    first,
    ...later.map(({ adds, ...version }) => ({ ...version, columns: Object.keys(adds) })),
  ]) {
    expect(since).toBeLessThanOrEqual(SHIPPED_MIGRATIONS.length);
    const db = schema(since);
    const own = columns.filter((column) => !isComputed(kind, column));
    if (kind.table !== null) expect(columnsOf(db, kind.table)).toEqual(expect.arrayContaining(own));
    else expect(own).toEqual([]);
    const rows = rowsOf(kind);
    if (rows !== null) {
      const read = `SELECT ${kind.id} AS id FROM ${rows} ORDER BY ${kind.order ?? 'seq'}`;
      expect(() => db.prepare(read)).not.toThrow();
    }
  }
});

test('each column of a table with records is logged, or known to be free to change', () => {
  const db = schema(SHIPPED_MIGRATIONS.length);
  const contents = createContents(KINDS);
  for (const { table, free } of AUDITED_TABLES) {
    const kinds = RECORD_TYPES.filter((type) => kindOf(type).table === table);
    // What is computed is of the bytes, which have no columns of their own in the entry.
    if (kinds.length === 0 || kinds.includes('answer')) continue;
    const logged = new Set([
      ...kinds.flatMap((type) => contents.columns(type)),
      ...(kinds.some((type) => kindOf(type).sealed) ? SEAL_COLUMNS : []),
    ]);
    // Logged by their hash.
    if (logged.has('bytes_sha256')) logged.add('bytes');
    const left = columnsOf(db, table).filter((column) => !logged.has(column));
    expect({ table, left }).toEqual({
      table,
      left: free
        .split(' ')
        .filter((name) => left.includes(name))
        .toSorted(),
    });
  }
});

test('a team has a table for each kind that it shares, and for no other', () => {
  const shared = RECORD_TYPES.filter((type) => kindOf(type).team !== undefined);
  expect(Object.keys(RECORD_KINDS)).toEqual(shared);
  for (const type of shared) expect(RECORD_KINDS[type]?.table.name).toBe(kindOf(type).team);
  expect(RECORD_KINDS['retry']?.table).toBe(RECORD_KINDS['result']?.table);
});

test.runIf(hasPython)('the Python verifier knows which entries say how something stands', () => {
  const driver = `import sys, json; source = sys.stdin.read(); names = {"__name__": "verifier"}
exec(source, names); print(json.dumps(names["STATES"]))`;
  const { stdout } = spawnSync('python3', ['-c', driver], { input: PYTHON_VERIFIER, encoding: 'utf8' });
  expect(JSON.parse(stdout)).toEqual(
    Object.fromEntries(
      RECORD_TYPES.flatMap((type) => {
        const { state } = kindOf(type);
        return state === undefined ? [] : [[type, state]];
      }),
    ),
  );
});
