import { insertConnection, listTemplates, type Store } from '../../src-main/store';
import { seedTemplates } from '../bench/seed-templates';
import { testIds } from './temp-store';

/** The templates and connection that runs refer to, for tests that write runs directly. */
export function seedRunParents(
  store: Store,
  templates: number,
): { template_ids: string[]; connection_id: string } {
  seedTemplates(store, { count: templates, ids: testIds });
  const connection_id = testIds.uuid();
  store.write((tx) =>
    insertConnection(tx, {
      connection_id,
      org_id: 'default',
      name: 'c',
      provider: 'practice-openai',
      base_url: null,
      key_source: 'none',
      key_ref: null,
      key_env: null,
      concurrency: 1,
      created_at: '2026-01-01T00:00:00.000Z',
      last_test_at: null,
      last_test_ok: null,
      last_test_message: null,
      deleted_at: null,
    }),
  );
  const { items } = listTemplates(store.read, { include_archived: true }, { limit: templates });
  return { template_ids: items.map(({ template_id }) => template_id), connection_id };
}
