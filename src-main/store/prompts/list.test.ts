import { join } from 'node:path';
import Database from 'better-sqlite3';
import { drizzle } from 'drizzle-orm/better-sqlite3';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { seedTemplates } from '../../../test/bench/seed-templates';
import { unplacedTemplate } from '../../../test/support/stored-template';
import { openTempStore, storeOptions, testIds } from '../../../test/support/temp-store';
import { PROMPT_SORTS, promptOrderSchema, type PromptOrder, type Template } from '../../../src-shared/domain';
import {
  archiveTemplate,
  countPrompts,
  ensureWorkspace,
  insertLabelMove,
  insertPromptChange,
  insertTemplate,
  listFacets,
  listHistory,
  listPrompts,
  openStore,
  promptsNamed,
  schema,
  type PromptFilter,
  type ReadDb,
  type Store,
  type UnplacedTemplate,
} from '..';
import { SHIPPED_MIGRATIONS } from '../migrations/shipped';

const AT = '2026-01-01T00:00:00.000Z';
const ALL: PromptFilter = { include_archived: true, include_inactive: true };
const USABLE: PromptFilter = { include_archived: false, include_inactive: false };
const ORDERS: readonly PromptOrder[] = promptOrderSchema.options;
const REVERSED = new Map<PromptOrder, PromptOrder>(
  PROMPT_SORTS.flatMap((sort): [PromptOrder, PromptOrder][] => [
    [sort, `-${sort}`],
    [`-${sort}`, sort],
  ]),
);
let made = 0;

function add(store: Store, changes: Partial<UnplacedTemplate>): Template {
  made += 1;
  const template = unplacedTemplate({
    template_id: testIds.uuid(),
    config_sha256: made.toString(16).padStart(64, '0'),
    created_at: AT,
    ...changes,
  });
  return store.write((tx) => {
    ensureWorkspace(tx, { ...template, now: AT });
    return insertTemplate(tx, template);
  });
}

function change(
  store: Store,
  { org_id, workspace_id, prompt_id }: Template,
  name: string | null,
  active: boolean,
): void {
  store.write((tx) =>
    insertPromptChange(tx, {
      change_id: testIds.uuid(),
      org_id,
      workspace_id,
      prompt_id,
      name,
      active,
      changed_at: AT,
      changed_by: null,
    }),
  );
}

function label(
  store: Store,
  { org_id, workspace_id, prompt_id }: Template,
  word: string,
  template_id: string | null,
): void {
  store.write((tx) =>
    insertLabelMove(tx, {
      move_id: testIds.uuid(),
      org_id,
      workspace_id,
      prompt_id,
      label: word,
      template_id,
      moved_at: AT,
      moved_by: null,
    }),
  );
}

const names = (store: Store, filter: Partial<PromptFilter>, order: PromptOrder = '-changed'): string[] =>
  listPrompts(store.read, { ...USABLE, ...filter }, { order, limit: 100 }, true).items.map(
    ({ name }) => name,
  );

test('a prompt is one row: its latest version, where its labels point, its tags and models', () => {
  const store = openTempStore();
  const first = add(store, { name: 'triage', model_id: 'gpt-4o', tags: ['old'] });
  const second = add(store, {
    name: 'triage',
    model_id: 'gemini',
    tags: ['support', 'mail'],
    parent_template_id: first.template_id,
    message: 'shorter',
  });
  add(store, { name: 'a trial', trial: true, parent_template_id: second.template_id, model_id: 'other' });
  label(store, first, 'production', first.template_id);
  label(store, first, 'draft', second.template_id);
  label(store, first, 'gone', second.template_id);
  label(store, first, 'gone', null);

  const { items, next_cursor } = listPrompts(store.read, USABLE, { order: '-changed', limit: 10 }, true);
  expect(next_cursor).toBeNull();
  expect(items).toMatchObject([
    {
      prompt_id: first.prompt_id,
      name: 'triage',
      versions: 2,
      latest: { template_id: second.template_id, version_number: 2, message: 'shorter' },
      labels: [
        { label: 'draft', template_id: second.template_id, version_number: 2 },
        { label: 'production', template_id: first.template_id, version_number: 1 },
      ],
      tags: ['mail', 'support'],
      models: ['gemini', 'gpt-4o'],
      runs: 0,
      cost_usd: '0',
      last_run_at: null,
    },
  ]);
  expect(listFacets(store.read, null)).toEqual({
    labels: [
      { value: 'draft', prompts: 1 },
      { value: 'production', prompts: 1 },
    ],
    tags: [
      { value: 'mail', prompts: 1 },
      { value: 'support', prompts: 1 },
    ],
    models: [
      { value: 'gemini', prompts: 1 },
      { value: 'gpt-4o', prompts: 1 },
    ],
  });
  // Nobody counts: unknown, not none.
  expect(listPrompts(store.read, USABLE, { order: 'name', limit: 1 }, false).items[0]).toMatchObject({
    runs: null,
    cost_usd: null,
  });
});

test('filters narrow: label, tag, model, workspace, words; archived and inactive ones come on demand', () => {
  const store = openTempStore();
  const mail = add(store, {
    name: 'mail',
    model_id: 'gpt-4o',
    tags: ['support'],
    user_prompt_template: 'Answer kindly',
  });
  const sums = add(store, { name: 'sums', model_id: 'gemini', user_prompt_template: 'Add the figures' });
  const far = add(store, { name: 'far', workspace_id: 'team', model_id: 'gpt-4o' });
  const old = add(store, { name: 'old', model_id: 'gpt-4o' });
  store.write((tx) => archiveTemplate(tx, old.template_id, AT));
  label(store, mail, 'production', mail.template_id);
  change(store, sums, null, false);

  expect(names(store, {})).toEqual(['far', 'mail']);
  expect(names(store, { include_inactive: true })).toEqual(['far', 'sums', 'mail']);
  expect(names(store, { include_archived: true })).toEqual(['old', 'far', 'mail']);
  expect(names(store, { label: 'production' })).toEqual(['mail']);
  expect(names(store, { tag: 'support' })).toEqual(['mail']);
  expect(names(store, { model_id: 'gpt-4o' }, 'name')).toEqual(['far', 'mail']);
  expect(names(store, { model_id: 'gpt' })).toEqual([]);
  expect(names(store, { workspace_id: 'team' })).toEqual(['far']);
  expect(names(store, { q: 'answer kin' })).toEqual(['mail']);
  expect(names(store, { q: 'kindly', include_inactive: true }, 'name')).toEqual(['mail']);
  expect(names(store, { q: '…' })).toEqual([]);
  change(store, mail, 'Post', true);
  expect(names(store, { q: 'post' })).toEqual(['Post']);
  expect(names(store, { q: 'mail' })).toEqual([]);
  add(store, { name: 'mail', parent_template_id: mail.template_id, user_prompt_template: 'Now in brief' });
  expect(names(store, { q: 'kindly' })).toEqual([]);
  expect(names(store, { q: 'brief' })).toEqual(['Post']);
  expect(promptsNamed(store.read, { workspace_id: 'default', name: 'Post' })).toHaveLength(1);
  expect(promptsNamed(store.read, { workspace_id: 'default', name: 'post' })).toHaveLength(0);
  expect(promptsNamed(store.read, { workspace_id: 'default', name: far.name })).toHaveLength(0);
});

test('a prompt whose latest version is archived shows the one before; with all of them archived, it leaves the list', () => {
  const store = openTempStore();
  const first = add(store, { name: 'first', model_id: 'a' });
  const second = add(store, { name: 'second', model_id: 'b', parent_template_id: first.template_id });
  store.write((tx) => archiveTemplate(tx, second.template_id, AT));
  expect(listPrompts(store.read, USABLE, { order: 'name', limit: 5 }, true).items).toMatchObject([
    { name: 'first', archived: false, versions: 2, models: ['a'], latest: { version_number: 1 } },
  ]);
  store.write((tx) => archiveTemplate(tx, first.template_id, AT));
  expect(names(store, {})).toEqual([]);
  expect(listPrompts(store.read, ALL, { order: 'name', limit: 5 }, true).items).toMatchObject([
    { name: 'second', archived: true, models: ['a', 'b'], latest: { version_number: 2 } },
  ]);
  add(store, { name: 'third', model_id: 'c', parent_template_id: second.template_id });
  expect(listPrompts(store.read, USABLE, { order: 'name', limit: 5 }, true).items).toMatchObject([
    { name: 'third', archived: false, models: ['c'], latest: { version_number: 3 } },
  ]);
});

test('trials alone are no prompt of the list; their first version is', () => {
  const store = openTempStore();
  const trial = add(store, { name: 'try', trial: true });
  expect(names(store, ALL)).toEqual([]);
  const version = add(store, { name: 'kept', parent_template_id: trial.template_id });
  expect(version).toMatchObject({ prompt_id: trial.prompt_id, version_number: 1 });
  expect(names(store, {})).toEqual(['kept']);
});

const step = fc.oneof(
  fc.record({
    kind: fc.constant('create' as const),
    name: fc.constantFrom('a', 'B', 'c', 'C'),
    model: fc.constantFrom('m', 'n'),
  }),
  fc.record({
    kind: fc.constant('child' as const),
    of: fc.nat(),
    trial: fc.boolean(),
    fork: fc.boolean(),
    tag: fc.constantFrom('x', 'y'),
  }),
  fc.record({ kind: fc.constant('archive' as const), of: fc.nat() }),
  fc.record({
    kind: fc.constant('change' as const),
    of: fc.nat(),
    name: fc.constantFrom(null, 'renamed'),
    active: fc.boolean(),
  }),
  fc.record({
    kind: fc.constant('label' as const),
    of: fc.nat(),
    word: fc.constantFrom('production', 'draft'),
    away: fc.boolean(),
  }),
);

type Step = typeof step extends fc.Arbitrary<infer Of> ? Of : never;

function play(store: Store, given: readonly Step[]): void {
  const templates: Template[] = [];
  for (const one of given) {
    if (one.kind === 'create') {
      templates.push(add(store, { name: one.name, model_id: one.model }));
      continue;
    }
    const of = templates[one.of % (templates.length || 1)];
    if (of === undefined) continue;
    if (one.kind === 'child') {
      const { template_id: parent_template_id } = of;
      templates.push(
        add(store, { name: of.name, tags: [one.tag], trial: one.trial, fork: one.fork, parent_template_id }),
      );
    } else if (one.kind === 'archive') store.write((tx) => archiveTemplate(tx, of.template_id, AT));
    else if (one.kind === 'change') change(store, of, one.name, one.active);
    else if (!of.trial) label(store, of, one.word, one.away ? null : of.template_id);
  }
}

const steps = fc.array(step, { maxLength: 40 });

test('in each order the pages hold every prompt once, sorted, whatever the page size', () => {
  fc.assert(
    fc.property(steps, fc.integer({ min: 1, max: 5 }), (given, limit) => {
      const store = openTempStore();
      play(store, given);
      for (const filter of [ALL, USABLE, { ...ALL, model_id: 'm' }, { ...ALL, q: 'm' }]) {
        const whole = listPrompts(store.read, filter, { order: '-changed', limit: 500 }, true).items;
        expect(countPrompts(store.read, filter)).toBe(whole.length);
        for (const order of ORDERS) {
          const seen: string[] = [];
          let cursor: string | undefined;
          do {
            const page = listPrompts(store.read, filter, { order, cursor, limit }, true);
            seen.push(...page.items.map(({ prompt_id }) => prompt_id));
            cursor = page.next_cursor ?? undefined;
          } while (cursor !== undefined);
          expect(seen.toSorted()).toEqual(whole.map(({ prompt_id }) => prompt_id).toSorted());
          const reverse = REVERSED.get(order) ?? order;
          const other = listPrompts(store.read, filter, { order: reverse, limit: 500 }, true).items;
          expect(other.map(({ prompt_id }) => prompt_id).toReversed()).toEqual(seen);
        }
      }
      store.close();
    }),
    { numRuns: 12 },
  );
});

test('a cursor of another order is refused', () => {
  const store = openTempStore();
  for (const name of ['a', 'b']) add(store, { name });
  const { next_cursor } = listPrompts(store.read, ALL, { order: 'name', limit: 1 }, true);
  for (const [order, cursor] of [
    ['-name', next_cursor ?? ''],
    ['cost', Buffer.from('["cost","x",1]').toString('base64url')],
    ['name', 'x'],
  ] as const) {
    expect(() => listPrompts(store.read, ALL, { order, cursor, limit: 1 }, true)).toThrow(
      expect.objectContaining({ code: 'VALIDATION_FAILED' }),
    );
  }
});

/** The rows that are derived, and what a search for each name finds. */
function derived(db: Database.Database): unknown {
  const search = db.prepare(`SELECT rowid FROM prompts_fts WHERE prompts_fts MATCH ? ORDER BY rowid`);
  return {
    prompts: db.prepare(`SELECT * FROM prompts ORDER BY seq`).all(),
    facets: db.prepare(`SELECT * FROM prompt_facets ORDER BY kind, value, prompt_seq`).all(),
    found: ['a', 'b', 'c', 'renamed', 'm', 'n'].map((word) => search.all(word)),
  };
}

test('the migration derives from a store what the triggers keep', () => {
  const migration = SHIPPED_MIGRATIONS.find(({ name }) => name === 'prompt_list');
  fc.assert(
    fc.property(steps, (given) => {
      const options = storeOptions();
      const store = openStore(options);
      play(store, given);
      store.close();
      const db = new Database(join(options.home, 'prompter.db'));
      const kept = derived(db);
      db.exec(`DROP TABLE prompts_fts; DROP TABLE prompt_facets; DROP TABLE prompts; DROP TABLE template_totals;
        DROP TABLE label_decisions; DROP TABLE label_requests; DROP TABLE label_rules;
        DROP TRIGGER templates_prompt; DROP TRIGGER templates_prompt_archived;
        DROP TRIGGER prompt_changes_prompt; DROP TRIGGER template_labels_prompt;`);
      db.exec(migration?.sql ?? '');
      expect(derived(db)).toEqual(kept);
      db.close();
    }),
    { numRuns: 12 },
  );
});

test('no page is sorted and none reads texts: each order comes out of its index', () => {
  const options = storeOptions();
  const store = openStore(options);
  seedTemplates(store, { count: 500, ids: testIds });
  store.close();
  const db = new Database(join(options.home, 'prompter.db'), { readonly: true });
  const queries: string[] = [];
  const recorded: ReadDb = {
    prepare: (sql) => {
      queries.push(sql);
      return db.prepare(sql);
    },
    orm: drizzle(db, { schema }),
  };
  const filters: PromptFilter[] = [
    ALL,
    USABLE,
    { ...USABLE, workspace_id: 'default' },
    { ...USABLE, label: 'production', tag: 'support', model_id: 'gpt-4o' },
    { ...USABLE, q: 'refund tri' },
  ];
  for (const filter of filters) {
    for (const order of ORDERS) {
      const { next_cursor } = listPrompts(recorded, filter, { order, limit: 20 }, true);
      if (next_cursor !== null)
        listPrompts(recorded, filter, { order, cursor: next_cursor, limit: 20 }, true);
    }
    countPrompts(recorded, filter);
  }
  const [prompt] = listPrompts(recorded, ALL, { order: 'name', limit: 1 }, true).items;
  listHistory(recorded, prompt?.prompt_id ?? '', { limit: 50, include_trials: true }, true);
  promptsNamed(recorded, { workspace_id: 'default', name: 'x' });

  expect(queries.length).toBeGreaterThan(100);
  for (const sql of new Set(queries)) {
    const details = db
      .prepare<unknown[], { detail: string }>(`EXPLAIN QUERY PLAN ${sql}`)
      .all(...Array<null>(sql.split('?').length - 1).fill(null))
      .map(({ detail }) => detail);
    const plan = `${sql}\n${details.join('\n')}`;
    expect(plan).not.toMatch(/SCAN (t|templates|prompts|f)$/m);
    // Matches of a search come in the order of the latest versions; in another order they are sorted, at most one a prompt.
    if (!sql.includes('MATCH') && !sql.includes('prompt_facets f'))
      expect(plan).not.toContain('TEMP B-TREE FOR ORDER BY');
  }
  db.close();
});
