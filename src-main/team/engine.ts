import type { TeamDatabase, TeamEngine } from './postgres';

/** What sync needs of the team's engine. The real one brings the database driver with it, so it is loaded on first use. */
export interface Team {
  /** Starts pushing to this database. */
  open(database: TeamDatabase): Promise<TeamEngine>;
  /** Makes schema and role with an administrator's account. */
  init(
    admin: TeamDatabase,
    role: { role: string; password: string },
  ): Promise<{ applied: string[]; role: string }>;
  /** Queues nothing any more, once no engine is open. Records and what was pushed stay. */
  disconnect(): Promise<void>;
  /** Connects and looks; changes nothing. */
  check(database: TeamDatabase): Promise<{ server_version: string; schema_version: number; role: string }>;
}
