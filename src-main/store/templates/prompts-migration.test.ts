import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { AT, promptsShown, PROMPTS_AFTER, storeBeforePrompts } from '../../../test/support/labelled-store';
import { storeOptions } from '../../../test/support/temp-store';
import { getTemplate, labelInForce, openStore } from '..';

test('templates of before get their prompt and number, and labels stay where they were', () => {
  expect(promptsShown(storeBeforePrompts())).toEqual(PROMPTS_AFTER);
});

test('a label of before counts in its prompt until it moves there, whatever other prompts do', () => {
  const home = storeBeforePrompts();
  const store = openStore(storeOptions({ home }));
  const of = { org_id: 'default', workspace_id: 'default', label: 'production' };
  expect(labelInForce(store.read, { ...of, prompt_id: 'a1' })?.template_id).toBe('a2');
  expect(labelInForce(store.read, { ...of, prompt_id: 'b1' })).toBeUndefined();
  expect(labelInForce(store.read, { ...of, label: 'draft', prompt_id: 'a1' })).toBeUndefined();
  expect(getTemplate(store.read, 'a2')).toMatchObject({
    messages: [{ role: 'user', content: 'Hi' }],
    tools: [],
    tool_choice: null,
    trial: false,
  });
  store.close();
});

test('the database refuses a template that places itself elsewhere', () => {
  const home = storeBeforePrompts();
  openStore(storeOptions({ home })).close();
  const db = new Database(join(home, 'prompter.db'));
  const insert = (prompt: string, version: number | null, trial: number): void => {
    db.exec(`INSERT INTO templates (template_id, org_id, workspace_id, name, system_instructions, user_prompt_template,
        country_set, model_id, inference_params, grounding_mode, als, fingerprint_allowlist, variables,
        parent_template_id, config_sha256, created_at, prompt_id, version_number, trial)
      VALUES ('new', 'default', 'default', 'new', '', 'Hi', '[]', 'm', '{}', 'none', 0, '[]', '[]', 'a2',
        '${'f'.repeat(64)}', '${AT}', '${prompt}', ${String(version)}, ${String(trial)})`);
  };
  expect(() => insert('b1', 2, 0)).toThrow('misplaced: templates');
  expect(() => insert('a1', 4, 0)).toThrow('misplaced: templates');
  expect(() => insert('a1', 6, 0)).toThrow('misplaced: templates');
  expect(() => insert('a1', 5, 1)).toThrow('misplaced: templates');
  insert('a1', 5, 0);
  db.close();
});
