import { join } from 'node:path';
import Database from 'better-sqlite3';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { unplacedTemplate } from '../../../test/support/stored-template';
import { storeOptions, testIds } from '../../../test/support/temp-store';
import type { Template } from '../../../src-shared/domain';
import {
  archiveTemplate,
  countTemplates,
  ensureWorkspace,
  insertPromptChange,
  insertTemplate,
  listTemplates,
  openStore,
  type Store,
} from '..';
import { SHIPPED_MIGRATIONS } from '../migrations/shipped';

const AT = '2026-01-01T00:00:00.000Z';
const NAMES = ['apple', 'berry', 'cherry'] as const;

const name = fc.constantFrom(...NAMES);
const steps = fc.array(
  fc.record({
    act: fc.constantFrom('version', 'new', 'trial', 'rename', 'unname', 'archive'),
    name,
    on: fc.nat(20),
  }),
  { maxLength: 14 },
);
type Step = { readonly act: string; readonly name: string; readonly on: number };

function play(store: Store, given: readonly Step[]): void {
  const templates: Template[] = [];
  let made = 0;
  for (const { act, name: word, on } of given) {
    const chosen = templates[on % Math.max(1, templates.length)];
    if (act === 'rename' || act === 'unname') {
      if (!chosen) continue;
      const { org_id, workspace_id, prompt_id } = chosen;
      store.write((tx) =>
        insertPromptChange(tx, {
          change_id: testIds.uuid(),
          org_id,
          workspace_id,
          prompt_id,
          name: act === 'rename' ? word : null,
          active: true,
          changed_at: AT,
          changed_by: null,
        }),
      );
    } else if (act === 'archive') {
      if (chosen) store.write((tx) => archiveTemplate(tx, chosen.template_id, AT));
    } else {
      made += 1;
      const template = unplacedTemplate({
        template_id: testIds.uuid(),
        config_sha256: made.toString(16).padStart(64, '0'),
        name: word,
        user_prompt_template: 'common words',
        trial: act === 'trial',
        parent_template_id: act === 'new' ? null : (chosen?.template_id ?? null),
        created_at: AT,
      });
      templates.push(
        store.write((tx) => {
          ensureWorkspace(tx, { ...template, now: AT });
          return insertTemplate(tx, template);
        }),
      );
    }
  }
}

function found(store: Store, q: string) {
  const filter = { q, include_archived: true };
  const { items } = listTemplates(store.read, filter, { limit: 100 });
  expect(countTemplates(store.read, filter)).toBe(items.length);
  return items;
}

test('a version is found by what its prompt is called and by its number, never by an earlier name', () => {
  fc.assert(
    fc.property(steps, (given) => {
      const store = openStore(storeOptions());
      play(store, given);
      const all = listTemplates(store.read, { include_archived: true }, { limit: 100 }).items;
      for (const word of NAMES) {
        const called = all.filter(({ prompt_name }) => prompt_name === word);
        expect(found(store, word)).toEqual(called);
        expect(found(store, `${word} common`)).toEqual(called);
        expect(found(store, `${word} · v1`)).toEqual(
          called.filter(({ version_number }) => version_number === 1),
        );
      }
      store.close();
    }),
    { numRuns: 25 },
  );
});

test('the migration finds versions as the triggers do', () => {
  const migration = SHIPPED_MIGRATIONS.find((each) => each.name === 'current_names');
  fc.assert(
    fc.property(steps, (given) => {
      const options = storeOptions();
      const store = openStore(options);
      play(store, given);
      store.close();
      const db = new Database(join(options.home, 'prompter.db'));
      const search = (): unknown =>
        [...NAMES, 'common', 'v2'].map((word) =>
          db.prepare(`SELECT rowid FROM templates_fts WHERE templates_fts MATCH ? ORDER BY rowid`).all(word),
        );
      const kept = search();
      db.exec(`DROP VIEW version_words; DROP TRIGGER prompts_version_words; DROP TRIGGER prompts_renamed;
        CREATE TRIGGER templates_fts_insert AFTER INSERT ON templates BEGIN SELECT 1; END;`);
      db.exec(migration?.sql ?? '');
      expect(search()).toEqual(kept);
      db.close();
    }),
    { numRuns: 12 },
  );
});
