import { join } from 'node:path';
import Database from 'better-sqlite3';
import { drizzle } from 'drizzle-orm/better-sqlite3';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { unplacedTemplate } from '../../../test/support/stored-template';
import { openTempStore, storeOptions, testIds } from '../../../test/support/temp-store';
import { seedTemplates } from '../../../test/bench/seed-templates';
import type { Template } from '../../../src-shared/domain';
import {
  archiveTemplate,
  countTemplates,
  ensureWorkspace,
  findActiveTemplateByConfig,
  getTemplate,
  insertTemplate,
  listAncestors,
  listChildren,
  listTemplates,
  openStore,
  schema,
  type ReadDb,
  type Store,
  type TemplateFilter,
  type UnplacedTemplate,
} from '..';

const AT = '2026-01-01T00:00:00.000Z';
let made = 0;

function template(overrides: Partial<UnplacedTemplate> = {}): UnplacedTemplate {
  made++;
  return unplacedTemplate({
    template_id: testIds.uuid(),
    name: `Template ${made}`,
    user_prompt_template: '{{ text }}',
    model_id: 'gpt-4o',
    variables: ['text'],
    config_sha256: made.toString(16).padStart(64, '0'),
    created_at: AT,
    ...overrides,
  });
}

function add(store: Store, ...overrides: Partial<UnplacedTemplate>[]): Template[] {
  return store.write((tx) =>
    overrides
      .map((each) => template(each))
      .map((each) => {
        ensureWorkspace(tx, { ...each, now: AT });
        return insertTemplate(tx, each);
      }),
  );
}

const active = (filter: Partial<TemplateFilter> = {}): TemplateFilter => ({
  include_archived: false,
  ...filter,
});

function namesOf(store: Store, filter: TemplateFilter): string[] {
  return listTemplates(store.read, filter, { limit: 100 }).items.map(({ name }) => name);
}

test('a template comes out as it went in', () => {
  const store = openTempStore();
  const full = template({
    name: 'Größe 📏',
    description: 'with everything',
    system_instructions: 'a\r\nb\u0000c',
    country_set: ['DE', 'CH'],
    provider: 'openai',
    inference_params: { temperature: 0.1, nested: { list: [1, null, 'x'], __proto__x: true } },
    response_schema: { type: 'object' },
    grounding_mode: 'required',
    als: true,
    model_version_constraint: 'fp_1',
    fingerprint_allowlist: ['fp_1', 'fp_2'],
    version_label: 'v2',
    message: 'why',
    created_by: 'me',
  });
  const { fork: _, ...fields } = full;
  const stored = { ...fields, prompt_id: full.template_id, version_number: 1 };
  expect(add(store, full)).toEqual([stored]);
  expect(getTemplate(store.read, full.template_id)).toEqual(stored);
  expect(findActiveTemplateByConfig(store.read, full)).toEqual(stored);
  expect(getTemplate(store.read, 'no such id')).toBeUndefined();
});

test('a damaged JSON column is an error that names the record', () => {
  const store = openTempStore();
  store.write((tx) =>
    tx
      .prepare(
        `INSERT INTO templates (template_id, org_id, workspace_id, name, system_instructions, user_prompt_template,
           country_set, model_id, inference_params, grounding_mode, als, fingerprint_allowlist, variables,
           config_sha256, created_at, prompt_id, version_number)
         VALUES ('damaged', 'default', 'default', 'x', '', '', '["DE"', 'm', '{}', 'none', 0, '[]', '[]', ?, ?,
           'damaged', 1)`,
      )
      .run('0'.repeat(64), AT),
  );
  expect(() => getTemplate(store.read, 'damaged')).toThrow(
    expect.objectContaining({
      code: 'STORE_CORRUPT',
      message: expect.stringContaining('country_set of damaged'),
    }),
  );
});

test('pages run from the newest to the oldest, each once, whatever is added in between', () => {
  const store = openTempStore();
  const names = Array.from({ length: 25 }, (_, index) => `t${index}`);
  add(store, ...names.map((name) => ({ name })));

  const seen: string[] = [];
  let cursor: string | undefined;
  do {
    const page = listTemplates(store.read, active(), { cursor, limit: 10 });
    seen.push(...page.items.map(({ name }) => name));
    cursor = page.next_cursor ?? undefined;
    add(store, { name: 'added meanwhile' });
  } while (cursor !== undefined);
  expect(seen).toEqual(names.toReversed());
});

test('a list that ends with its page has no further one; a cursor that was made up is refused', () => {
  const store = openTempStore();
  add(store, {}, {});
  expect(listTemplates(store.read, active(), { limit: 2 }).next_cursor).toBeNull();
  expect(listTemplates(store.read, active(), { limit: 1 }).next_cursor).not.toBeNull();
  for (const cursor of ['', 'x', 'c2VxOi0x', '9'.repeat(200)]) {
    expect(() => listTemplates(store.read, active(), { cursor, limit: 1 }), cursor).toThrow(
      expect.objectContaining({ code: 'VALIDATION_FAILED' }),
    );
  }
});

test('a list is filtered by workspace, label, words and archive, and counted alike', () => {
  const store = openTempStore();
  const [archived] = add(
    store,
    { name: 'Refund old' },
    { name: 'Refund new', version_label: 'prod' },
    { name: 'Summary', version_label: 'prod' },
    { name: 'Refund elsewhere', workspace_id: 'team' },
  );
  store.write((tx) => archiveTemplate(tx, archived?.template_id ?? '', AT));

  const cases: [TemplateFilter, string[]][] = [
    [active(), ['Refund elsewhere', 'Summary', 'Refund new']],
    [active({ include_archived: true }), ['Refund elsewhere', 'Summary', 'Refund new', 'Refund old']],
    [active({ workspace_id: 'team' }), ['Refund elsewhere']],
    [active({ workspace_id: 'default', q: 'refund' }), ['Refund new']],
    [active({ q: 'refund', include_archived: true }), ['Refund elsewhere', 'Refund new', 'Refund old']],
    [active({ label: 'prod' }), ['Summary', 'Refund new']],
    [active({ label: 'prod', q: 'summ' }), ['Summary']],
    [active({ q: '   ' }), ['Refund elsewhere', 'Summary', 'Refund new']],
    [active({ q: '?!' }), []],
  ];
  for (const [filter, names] of cases) {
    expect(namesOf(store, filter), JSON.stringify(filter)).toEqual(names);
    expect(countTemplates(store.read, filter), JSON.stringify(filter)).toBe(names.length);
  }
});

test('search finds whole words and the beginning of the last, without accents or case, in all texts', () => {
  const store = openTempStore();
  add(store, {
    name: 'Résumé Prüfung',
    description: 'candidates for hire',
    system_instructions: 'You are strict.',
    user_prompt_template: 'Check {{ curriculum_vitae }} for gaps',
    model_id: 'gpt-4o-mini',
  });
  for (const q of [
    'resume',
    'RÉS',
    'prufung',
    'candidates hi',
    'strict',
    'gaps',
    'gpt-4o',
    'mini resume',
    'curriculum_v',
  ]) {
    expect(namesOf(store, active({ q })), q).toHaveLength(1);
  }
  // Only the last word may be unfinished, and every word must occur.
  for (const q of ['candi hire', 'resume missing', 'sume']) {
    expect(namesOf(store, active({ q })), q).toEqual([]);
  }
});

test('nothing that is typed is search syntax, and nothing typed fails', () => {
  const store = openTempStore();
  add(store, { name: 'AND OR NOT NEAR quoted words', description: 'column' });
  for (const q of [
    'AND',
    'or',
    'NOT near',
    '"quoted words"',
    '-quoted',
    'quo*',
    '(quoted',
    '^and',
    'near(words',
  ]) {
    expect(namesOf(store, active({ q })), q).toHaveLength(1);
  }
  // A colon is not a column filter: both are words, and "name" is not in the texts.
  expect(namesOf(store, active({ q: 'name:quoted' }))).toEqual([]);
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' })), (q) => {
      expect(countTemplates(store.read, active({ q }))).toBeLessThanOrEqual(1);
    }),
    { numRuns: 300 },
  );
});

test('lineage: parents up to the first, and direct children', () => {
  const store = openTempStore();
  const [first] = add(store, { name: 'first' });
  const [second] = add(store, { name: 'second', parent_template_id: first?.template_id });
  const [third] = add(store, { name: 'third', parent_template_id: second?.template_id });
  add(store, { name: 'sibling', parent_template_id: second?.template_id });

  const ancestors = listAncestors(store.read, third?.template_id ?? '');
  expect(ancestors.map(({ name }) => name)).toEqual(['second', 'first']);
  expect(listChildren(store.read, second?.template_id ?? '').map(({ name }) => name)).toEqual([
    'sibling',
    'third',
  ]);
  expect(listChildren(store.read, third?.template_id ?? '')).toEqual([]);
});

test('archiving frees the configuration, once', () => {
  const store = openTempStore();
  const [one] = add(store, {});
  const same = template({ config_sha256: one?.config_sha256 });
  expect(() => store.write((tx) => insertTemplate(tx, same))).toThrow('templates.config_sha256');

  expect(store.write((tx) => archiveTemplate(tx, one?.template_id ?? '', AT))).toBe(true);
  expect(store.write((tx) => archiveTemplate(tx, one?.template_id ?? '', '2027-01-01'))).toBe(false);
  expect(getTemplate(store.read, one?.template_id ?? '')?.deleted_at).toBe(AT);
  store.write((tx) => insertTemplate(tx, same));
});

test('no query that runs while somebody types or scrolls reads the whole table', () => {
  const options = storeOptions();
  const store = openStore(options);
  seedTemplates(store, { count: 500, ids: testIds });
  store.close();

  const db = new Database(join(options.home, 'prompter.db'), { readonly: true });
  const queries: { sql: string; params: unknown[] }[] = [];
  const recorded: ReadDb = {
    prepare: (sql) => {
      queries.push({ sql, params: [] });
      return db.prepare(sql);
    },
    orm: drizzle(db, { schema, logger: { logQuery: (sql, params) => void queries.push({ sql, params }) } }),
  };
  const filters: TemplateFilter[] = [true, false].flatMap((include_archived) => [
    { include_archived },
    { include_archived, workspace_id: 'default' },
    { include_archived, version_label: 'v3' },
    { include_archived, q: 'refund tri' },
    { include_archived, q: 'refund tri', workspace_id: 'default' },
  ]);
  for (const filter of filters) {
    listTemplates(recorded, filter, { limit: 50 });
    countTemplates(recorded, filter);
  }
  getTemplate(recorded, 'some id');
  findActiveTemplateByConfig(recorded, {
    org_id: 'default',
    workspace_id: 'default',
    config_sha256: 'f'.repeat(64),
  });
  listAncestors(recorded, 'some id');
  listChildren(recorded, 'some id');

  expect(queries.length).toBeGreaterThan(20);
  for (const { sql } of queries) {
    const plan = db.prepare<unknown[], { detail: string }>(`EXPLAIN QUERY PLAN ${sql}`);
    const details = plan
      .all(...Array<null>(sql.split('?').length - 1).fill(null))
      .map(({ detail }) => detail);
    for (const detail of details) {
      expect(detail, `${sql}\n${details.join('\n')}`).not.toMatch(/SCAN (t\b|templates\b(?!_fts))/);
      // Pages come out of an index in order; only a lineage, which is short, is sorted.
      if (!sql.includes('ancestors')) expect(detail, sql).not.toContain('TEMP B-TREE FOR ORDER BY');
    }
  }
  db.close();
});
