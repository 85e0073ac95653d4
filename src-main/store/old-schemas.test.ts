import { hash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { storeOptions, tempHome } from '../../test/support/temp-store';
import { restoreHome } from '../core';
import { insertReview, listBackups, openStore, reviewTotals } from '.';
import { SHIPPED_MIGRATIONS } from './migrations/shipped';
import { migrate } from './migrations/migrate';
import { APPLICATION_ID, PAGE_SIZE } from './engine/open-database';

/** Values for a row that a table's constraints take, as far as columns need one. */
function rowFor(db: Database.Database, table: string, given: Readonly<Record<string, unknown>>): void {
  const columns = db
    .prepare<[], { name: string; type: string; notnull: number; dflt_value: string | null; pk: number }>(
      `SELECT name, type, "notnull", dflt_value, pk FROM pragma_table_info('${table}')`,
    )
    .all()
    .filter(
      ({ name, notnull, dflt_value, pk }) =>
        name in given || (notnull === 1 && dflt_value === null && pk === 0),
    );
  const values = columns.map(({ name, type }) => {
    if (name in given) return given[name];
    if (name.endsWith('_sha256')) return 'a'.repeat(64);
    if (name.endsWith('_at')) return '2026-01-01T00:00:00.000Z';
    return type === 'INTEGER' ? 0 : type === 'BLOB' ? Buffer.from('bytes') : '{}';
  });
  const names = columns.map(({ name }) => `"${name}"`).join(', ');
  db.prepare(`INSERT INTO ${table} (${names}) VALUES (${columns.map(() => '?').join(', ')})`).run(...values);
}

/** Rows of each kind of evidence, by the columns that every schema has. */
function fill(db: Database.Database): void {
  const of = { org_id: 'default', workspace_id: 'default' };
  rowFor(db, 'workspaces', { ...of, name: 'default' });
  rowFor(db, 'providers', { provider_id: 'old', name: 'Old', protocol: 'openai' });
  rowFor(db, 'connections', {
    connection_id: 'c',
    org_id: 'default',
    name: 'c',
    provider: 'old',
    key_source: 'none',
  });
  for (const n of [1, 2, 3]) {
    rowFor(db, 'templates', {
      ...of,
      template_id: `t${n}`,
      prompt_id: `t${n}`,
      version_number: 1,
      name: `T ${n}`,
      grounding_mode: 'none',
      model_version_constraint: n === 1 ? 'v1' : null,
      config_sha256: String(n).repeat(64),
    });
    rowFor(db, 'prompt_versions', {
      ...of,
      version_id: `v${n}`,
      template_id: `t${n}`,
      provider_version_key: `k${n}`,
    });
  }
  for (let n = 0; n < 50; n += 1) {
    rowFor(db, 'runs', {
      ...of,
      run_id: `r${n}`,
      template_id: `t${1 + (n % 3)}`,
      connection_id: 'c',
      provider: 'old',
      status: 'pending',
      grounding_mode: 'none',
      rendered_prompt: `prompt ${n} ✓`,
    });
  }
}

const EVIDENCE = ['templates', 'prompt_versions', 'connections', 'runs'] as const;

/** By the columns of the old schema: what was written then must be what is read now. */
function evidence(
  db: Database.Database,
  columnsOf: Readonly<Record<string, string>>,
): Record<string, unknown> {
  return Object.fromEntries(
    EVIDENCE.map((table) => {
      const rows = db.prepare(`SELECT ${columnsOf[table]} FROM ${table} ORDER BY 1`).raw().all();
      return [table, { rows: rows.length, sha256: hash('sha256', JSON.stringify(rows)) }];
    }),
  );
}

const older = SHIPPED_MIGRATIONS.slice(0, -1).map(({ version, name }) => [version, name] as const);

test.each(older)(
  'a store of schema %i (%s) comes up to date with every row as it was, and its copy can be restored',
  async (version) => {
    const home = tempHome();
    const path = join(home, 'prompter.db');
    const db = new Database(path);
    db.pragma(`page_size = ${PAGE_SIZE}`);
    db.pragma(`application_id = ${APPLICATION_ID}`);
    const options = storeOptions({ home });
    migrate(db, SHIPPED_MIGRATIONS.slice(0, version), options);
    fill(db);
    const columns = Object.fromEntries(
      EVIDENCE.map((table) => {
        const all = db.prepare<[], string>(`SELECT name FROM pragma_table_info('${table}')`).pluck().all();
        return [table, all.map((name) => `"${name}"`).join(', ')];
      }),
    );
    const before = evidence(db, columns);
    db.close();

    const store = openStore(options);
    expect(store.info.schemaVersion).toBe(SHIPPED_MIGRATIONS.length);
    store.close();
    const after = new Database(path, { readonly: true });
    expect(evidence(after, columns)).toEqual(before);
    expect(before).toMatchObject({ templates: { rows: 3 }, runs: { rows: 50 } });
    expect(after.pragma('foreign_key_check')).toEqual([]);
    after.close();

    const [backup, ...others] = listBackups(home);
    expect(others).toEqual([]);
    expect(backup).toMatchObject({
      reason: 'before_migration',
      schema_version: version,
      migration: version + 1,
    });
    const copy = new Database(backup?.path ?? '', { readonly: true });
    expect(evidence(copy, columns)).toEqual(before);
    copy.close();

    const elsewhere = tempHome();
    await restoreHome({ home: elsewhere, file: backup?.path ?? '', clock: options.clock });
    const restored = new Database(join(elsewhere, 'prompter.db'), { readonly: true });
    expect(evidence(restored, columns)).toEqual(before);
    expect(restored.pragma('user_version', { simple: true })).toBe(version);
    restored.close();
    expect(readdirSync(elsewhere)).not.toContainEqual(expect.stringContaining('checking'));
  },
);

test('the reviews of a store from before they were counted are counted as they stand', () => {
  const home = tempHome();
  const db = new Database(join(home, 'prompter.db'));
  db.pragma(`page_size = ${PAGE_SIZE}`);
  db.pragma(`application_id = ${APPLICATION_ID}`);
  migrate(db, SHIPPED_MIGRATIONS.slice(0, 9), storeOptions({ home }));
  fill(db);
  db.exec(`UPDATE runs SET requires_manual_review = 1 WHERE run_id IN ('r1', 'r2', 'r3', 'r4')`);
  const review = (id: string, run: string, action: string, before: string | null): void =>
    rowFor(db, 'reviews', {
      review_id: id,
      template_id: 't1',
      run_id: run,
      attempt_id: `a-${run}`,
      action,
      previous_review_id: before,
    });
  for (const run of ['r1', 'r2', 'r3'])
    rowFor(db, 'attempts', { attempt_id: `a-${run}`, run_id: run, status: 'answered' });
  review('one', 'r1', 'accept', null);
  review('two', 'r1', 'dismiss', 'one');
  review('three', 'r2', 'correct', null);
  db.close();
  const store = openStore(storeOptions({ home }));
  expect(reviewTotals(store.read)).toEqual({ open: 2, accepted: 0, corrected: 1, dismissed: 1 });
  store.write((tx) => {
    insertReview(tx, {
      review_id: 'four',
      org_id: 'default',
      workspace_id: 'default',
      template_id: 't1',
      run_id: 'r2',
      attempt_id: 'a-r2',
      action: 'accept',
      corrected_text: null,
      reason: null,
      raw_response_sha256: 'a'.repeat(64),
      previous_review_id: 'three',
      reviewed_by: null,
      created_at: '2026-01-02T00:00:00.000Z',
    });
  });
  expect(reviewTotals(store.read)).toEqual({ open: 2, accepted: 1, corrected: 0, dismissed: 1 });
  store.close();
});
