import { join } from 'node:path';
import Database from 'better-sqlite3';
import { listTemplates, openStore } from '../../src-main/store';
import { APPLICATION_ID, PAGE_SIZE } from '../../src-main/store/engine/open-database';
import { migrate } from '../../src-main/store/migrations/migrate';
import { SHIPPED_MIGRATIONS } from '../../src-main/store/migrations/shipped';
import { storeOptions, tempHome } from './temp-store';

export const AT = '2026-01-01T00:00:00.000Z';

/** Parent and workspace of each template, in their order. */
const TEMPLATES: Readonly<Record<string, { parent?: string; workspace?: string }>> = {
  a1: {},
  b1: {},
  a2: { parent: 'a1' },
  a3: { parent: 'a1' },
  a4: { parent: 'a3' },
  away: { parent: 'a2', workspace: 'team' },
  away2: { parent: 'away', workspace: 'team' },
};

/** A store as the schema before prompts left it, its labels a workspace's. @returns its folder */
export function storeBeforePrompts(): string {
  const home = tempHome();
  const db = new Database(join(home, 'prompter.db'));
  db.pragma(`page_size = ${PAGE_SIZE}`);
  db.pragma(`application_id = ${APPLICATION_ID}`);
  migrate(db, SHIPPED_MIGRATIONS.slice(0, 17), storeOptions({ home }));
  for (const workspace of ['default', 'team']) {
    db.prepare(
      `INSERT INTO workspaces (org_id, workspace_id, name, created_at) VALUES ('default', ?, ?, ?)`,
    ).run(workspace, workspace, AT);
  }
  for (const [id, { parent = null, workspace = 'default' }] of Object.entries(TEMPLATES)) {
    db.prepare(
      `INSERT INTO templates (template_id, org_id, workspace_id, name, system_instructions, user_prompt_template,
         country_set, model_id, inference_params, grounding_mode, als, fingerprint_allowlist, variables,
         parent_template_id, config_sha256, created_at)
       VALUES (?, 'default', ?, ?, '', 'Hi', '[]', 'm', '{}', 'none', 0, '[]', '[]', ?, ?, ?)`,
    ).run(id, workspace, id, parent, Buffer.from(id.padEnd(32)).toString('hex'), AT);
  }
  const move = (id: string, label: string, to: string | null): void => {
    db.prepare(
      `INSERT INTO template_labels (move_id, org_id, workspace_id, label, template_id, moved_at)
       VALUES (?, 'default', 'default', ?, ?, ?)`,
    ).run(id, label, to, AT);
  };
  move('m1', 'production', 'b1');
  move('m2', 'production', 'a2');
  move('m3', 'draft', 'a3');
  move('m4', 'draft', null);
  db.close();
  return home;
}

/** Every template with its prompt, its number and its labels. */
export function promptsShown(home: string): Record<string, unknown> {
  const store = openStore(storeOptions({ home }));
  const { items } = listTemplates(store.read, { include_archived: true }, { limit: 100 });
  store.close();
  return Object.fromEntries(
    items.map(({ name, prompt_id, version_number, labels }) => [
      name,
      [prompt_id, version_number, ...labels],
    ]),
  );
}

/** What `promptsShown` tells of it once it is up to date. */
export const PROMPTS_AFTER = {
  a1: ['a1', 1],
  b1: ['b1', 1],
  a2: ['a1', 2, 'production'],
  a3: ['a1', 3],
  a4: ['a1', 4],
  away: ['away', 1],
  away2: ['away', 2],
};
