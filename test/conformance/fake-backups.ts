import type { Service } from '../../src-main/ports';

const BACKUP = {
  file: 'prompter-v1-2026-11-20T08-00-00-000Z-manual.db',
  path: '/home/backups/prompter-v1-2026-11-20T08-00-00-000Z-manual.db',
  size_bytes: 8192,
  created_at: '2026-11-20T08:00:00.000Z',
  reason: 'manual' as const,
  schema_version: 1,
  migration: null,
};

/** One backup of a store that has one table. */
export const fakeBackups: Service<'backups'> = {
  create: async () => ({ ...BACKUP, rows: { runs: 1 } }),
  list: () => ({ folder: '/home/backups', items: [BACKUP], running: null }),
};
