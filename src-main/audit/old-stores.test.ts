import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it, test } from 'vitest';
import { memoryHome, openAudited } from '../../test/support/audit/audit-history';
import { hasPython, verifyWithPython } from '../../test/support/audit/audit-python';
import {
  fixtureExport,
  fixtureSchemas,
  fixtureShown,
  fixtureVault,
  makeFixture,
  shownBy,
  unpackFixture,
} from '../../test/support/store-fixtures';
import { storeOptions } from '../../test/support/temp-store';
import { RECORD_TYPES } from '../../src-shared/domain';
import { listCheckpoints, SCHEMA_VERSION } from '../store';
import { KINDS } from '../store/audit-log/kinds';
import { APPLICATION_ID, PAGE_SIZE } from '../store/engine/open-database';
import { migrate } from '../store/migrations/migrate';
import { SHIPPED_MIGRATIONS } from '../store/migrations/shipped';
import { exportLineSchema } from './export-format';
import { verifyExport } from '.';

/** `node scripts/store-fixture.mjs` */
if (process.env['PROMPTER_STORE_FIXTURE'] === 'make')
  test('a store of this schema, with its export, for builds to come', makeFixture);

const OLDEST = 17;

/** Whether an export holds, here and in Python. */
async function expectWhole(text: string, key?: string): Promise<void> {
  expect(await verifyExport(text.split('\n'), key)).toMatchObject({ ok: true, problems: [] });
  if (hasPython) expect(verifyWithPython([text])).toMatchObject([{ code: 0 }]);
}

const entriesOf = (text: string) =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => exportLineSchema.parse(JSON.parse(line)))
    .filter((line) => line.kind === 'entry');

test('there is a store of each schema since there are such stores, of this one too', () => {
  const expected = Array.from({ length: SCHEMA_VERSION - OLDEST + 1 }, (_, index) => OLDEST + index);
  expect(fixtureSchemas(), 'Run node scripts/store-fixture.mjs, and commit what it makes.').toEqual(expected);
});

describe.each(fixtureSchemas())('a store that a build of schema %i left', (schema) => {
  it('opens, verifies with its keys and shows what it showed then', async () => {
    const opened = await openAudited(unpackFixture(schema), fixtureVault(schema));
    const report = await opened.audit.verify();
    expect(report).toMatchObject({ ok: true, problems: [], hmac_missing: 0, hmac_unverifiable: 0 });
    expect(report.hmac_verified).toBeGreaterThan(0);
    expect(report.restores).toHaveLength(1);
    const shown = await shownBy(opened);
    expect(shown).toMatchObject(fixtureShown(schema) ?? expect.fail());
    await opened.close();
  });

  it('has every kind of record that was logged then', () => {
    const types = new Set(
      entriesOf(fixtureExport(schema)).map(({ leaf }) => /"record_type":"(\w+)"/.exec(leaf)?.[1]),
    );
    expect(
      RECORD_TYPES.filter((type) => KINDS[type].versions[0].since <= schema && !types.has(type)),
    ).toEqual([]);
  });

  it('left an export that verifies, and makes the same entries of these records now', async () => {
    const text = fixtureExport(schema);
    const { store, audit } = await openAudited(unpackFixture(schema), fixtureVault(schema));
    await expectWhole(text, listCheckpoints(store.read).at(-1)?.verifier_key);
    const now = await (await audit.export()).file.text();
    await expectWhole(now);
    const same = ({ seq, leaf, record, bytes }: ReturnType<typeof entriesOf>[number]) => ({
      seq,
      leaf,
      record,
      bytes,
    });
    const before = entriesOf(text).map(same);
    expect(entriesOf(now).slice(0, before.length).map(same)).toEqual(before);
  });
});

/** Made anew by SQLite, by triggers, or by the start. */
const NOT_COPIED =
  /^(audit_|outbox|sync_|rollup|run_hourly|templates_fts|run_search|review_|settings|migration_audit|sqlite_)/;

/** A store of that schema with the records of the oldest fixture, as far as it has their tables and columns, and their entries. */
function storeOf(schema: number): string {
  const home = memoryHome();
  const db = new Database(join(home, 'prompter.db'));
  db.pragma(`page_size = ${PAGE_SIZE}`);
  db.pragma(`application_id = ${APPLICATION_ID}`);
  migrate(db, SHIPPED_MIGRATIONS.slice(0, schema), storeOptions({ home }));
  db.pragma('foreign_keys = OFF');
  db.prepare(`ATTACH ? AS full`).run(join(unpackFixture(OLDEST), 'prompter.db'));
  const names = (sql: string, ...params: string[]): string[] =>
    db
      .prepare<string[], string>(sql)
      .pluck()
      .all(...params);
  const tables = names(`SELECT name FROM main.sqlite_schema WHERE type = 'table' ORDER BY rowid`);
  const copy = (table: string, where = 'true'): void => {
    const known = new Set(names(`SELECT name FROM pragma_table_info(?, 'full')`, table));
    const columns = names(`SELECT name FROM pragma_table_info(?, 'main')`, table).filter((name) =>
      known.has(name),
    );
    if (columns.length === 0) return;
    db.exec(
      `INSERT INTO main.${table} (${columns.join()}) SELECT ${columns.join()} FROM full.${table} WHERE ${where}`,
    );
  };
  for (const table of tables.filter((name) => !NOT_COPIED.test(name))) copy(table);
  copy('settings', `key = 'audit.record_key_ids'`);
  if (tables.includes('audit_leaves')) {
    const logged = RECORD_TYPES.filter(
      (type) => KINDS[type].versions[0].since <= schema && type !== 'restored',
    );
    db.prepare(
      `INSERT INTO main.audit_leaves SELECT row_number() OVER (ORDER BY seq) AS seq, record_type, record_id,
         content_sha256, salt, created_at, actor, leaf_check FROM full.audit_leaves
       WHERE record_type IN (SELECT value FROM json_each(?)) ORDER BY seq`,
    ).run(JSON.stringify(logged));
  }
  expect(db.pragma('foreign_key_check')).toEqual([]);
  db.close();
  return home;
}

test.each(SHIPPED_MIGRATIONS.slice(0, OLDEST - 1).map(({ version }) => version))(
  'a store of schema %i with the log of its time verifies when it is brought up to date, as does its export',
  async (schema) => {
    const home = storeOf(schema);
    const before = new Database(join(home, 'prompter.db'), { readonly: true });
    const entries =
      schema < 4 ? 0 : Number(before.prepare(`SELECT count(*) FROM audit_leaves`).pluck().get());
    const records = Number(
      before.prepare(`SELECT (SELECT count(*) FROM runs) + (SELECT count(*) FROM templates)`).pluck().get(),
    );
    before.close();
    const { audit, close } = await openAudited(home, fixtureVault(OLDEST));
    const report = await audit.verify();
    expect(report).toMatchObject({ ok: true, problems: [], hmac_verified: records, hmac_missing: 0 });
    expect(report.entries).toBeGreaterThan(Math.max(entries - 1, 50));
    await expectWhole(await (await audit.export()).file.text());
    await close();
  },
);
