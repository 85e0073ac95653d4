import { AppError } from '../../src-shared/domain';
import type { TeamDatabase, TeamEngine, TeamEngineDeps } from './types';

export type {
  PushStatus,
  SetAside,
  TeamCounts,
  TeamDatabase,
  TeamEngine,
  TeamEngineDeps,
  TeamTimings,
} from './types';

/** Starts pushing local records in the background, everything that is stored already first. */
export function createTeamEngine(_deps: TeamEngineDeps): TeamEngine {
  throw notYet();
}

/**
 * Makes or updates the schema as a database administrator, and the role of one organisation. Safe to repeat, and for two
 * at once. @throws TEAM_UNREACHABLE, TEAM_REFUSED, TEAM_UNSUITABLE, MIGRATION_CHANGED
 */
export function initTeamDatabase(
  _admin: TeamDatabase,
  _org: { org_id: string; role: string; password: string },
): Promise<{ applied: string[]; role: string }> {
  return Promise.reject(notYet());
}

/** Signs in as the organisation's role and looks whether everything is in place. @throws as `initTeamDatabase` */
export function checkTeamDatabase(
  _db: TeamDatabase,
  _orgId: string,
): Promise<{ server_version: string; schema_version: number; role: string }> {
  return Promise.reject(notYet());
}

function notYet(): AppError {
  return new AppError('TEAM_UNREACHABLE', 'This build cannot reach a team database.');
}
