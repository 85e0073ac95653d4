import { isAppError } from '../../src-shared/domain';
import type { KeyVault, Logger } from '../ports';
import type { Store } from '../store';
import type { TeamDatabase, TeamEngine } from './postgres';
import { storedDatabase, withoutPassword, type StoredDatabase } from './settings';
import type { Team } from './engine';

/** The key vault's reference to the team database password. */
export const PASSWORD_REF = 'team-database';

export interface ConnectionDeps {
  readonly store: Store;
  readonly vault: KeyVault;
  readonly logger: Logger;
  /** The database in PROMPTER_DATABASE_URL; overrides the settings and is never stored. */
  readonly environment: TeamDatabase | null;
  readonly team: Team;
  /** Registers a secret for redaction before it is used. */
  readonly registerSecret: (secret: string) => void;
}

/** The configured team database, with its engine or the error that prevented one. */
export interface TeamConnection {
  readonly source: 'settings' | 'environment';
  readonly place: StoredDatabase;
  readonly password: 'stored' | 'session' | 'environment' | 'missing';
  readonly engine: TeamEngine | null;
  readonly error: string | null;
}

/**
 * Opens the database named by the environment or the settings; null if sync is off. Failures are returned, not thrown.
 */
export async function openTeamConnection(deps: ConnectionDeps): Promise<TeamConnection | null> {
  const { environment, store } = deps;
  if (environment !== null) {
    const found = {
      source: 'environment',
      place: withoutPassword(environment),
      password: 'environment',
    } as const;
    return { ...found, ...(await startEngine(deps, environment)) };
  }
  const place = storedDatabase(store);
  if (place === null) return null;
  const found = { source: 'settings', place } as const;
  const { password, mode, error } = await storedPassword(deps.vault);
  if (password === null) return { ...found, password: 'missing', engine: null, error };
  return { ...found, password: mode, ...(await startEngine(deps, { ...place, password })) };
}

async function startEngine(
  { team, logger, registerSecret }: ConnectionDeps,
  database: TeamDatabase,
): Promise<Pick<TeamConnection, 'engine' | 'error'>> {
  registerSecret(database.password);
  try {
    const engine = await team.open(database);
    return { engine, error: null };
  } catch (error) {
    logger.log('error', 'sync.open', { error });
    return { engine: null, error: error instanceof Error ? error.message : String(error) };
  }
}

const PASSWORD_MISSING =
  'The password of the team database is missing. Enter it again to resume pushing; nothing is lost in the meantime.';

export async function storedPassword(
  vault: KeyVault,
): Promise<{ password: string | null; mode: 'stored' | 'session'; error: string | null }> {
  const { mode } = await vault.status();
  const where = mode === 'os' ? 'stored' : 'session';
  try {
    const password = await vault.get(PASSWORD_REF);
    return { password, mode: where, error: password === null ? PASSWORD_MISSING : null };
  } catch (error) {
    if (!isAppError(error)) throw error;
    return { password: null, mode: where, error: error.message };
  }
}
