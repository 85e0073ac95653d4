import type { TeamDatabase, TeamEngine } from './postgres';

/** What sync needs of the team's engine. The real one loads the database driver, so it is imported on first use. */
export interface Team {
  /** Starts pushing to this database. */
  open(database: TeamDatabase): Promise<TeamEngine>;
  /** Creates the schema and role through an administrator's account. */
  init(
    admin: TeamDatabase,
    role: { role: string; password: string },
  ): Promise<{ applied: string[]; role: string }>;
  /** Stops queueing records. Requires that no engine is open. Records and pushed data stay. */
  disconnect(): Promise<void>;
  /** Connects and checks; changes nothing. */
  check(database: TeamDatabase): Promise<{ server_version: string; schema_version: number; role: string }>;
}
