export { parseDatabaseUrl } from './database-url';
export { createSync } from './service';
export type { Sync } from './service';
export type { Team } from './team';
