export { parseDatabaseUrl } from './database-url';
export { createSync } from './service';
export type { Sync, SyncDeps } from './service';
export type { Team } from './team';
