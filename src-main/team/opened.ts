import { isAppError } from '../../src-shared/domain';
import type { KeyVault, Logger } from '../ports';
import type { Store } from '../store';
import type { TeamDatabase, TeamEngine } from './postgres';
import { storedDatabase, withoutPassword, type StoredDatabase } from './settings';
import type { Team } from './engine';

/** Where the one password of the team's database is in the key vault. */
export const PASSWORD_REF = 'team-database';

export interface OpenDeps {
  readonly store: Store;
  readonly vault: KeyVault;
  readonly logger: Logger;
  /** The database that PROMPTER_DATABASE_URL names; it wins over the settings and is never stored. */
  readonly environment: TeamDatabase | null;
  readonly team: Team;
  /** Makes a secret known to everything that redacts, before it is used. */
  readonly keepSecret: (secret: string) => void;
}

/** A team database in use: with its engine, or with the reason why there is none. */
export interface Opened {
  readonly source: 'settings' | 'environment';
  readonly place: StoredDatabase;
  readonly password: 'stored' | 'session' | 'environment' | 'missing';
  readonly engine: TeamEngine | null;
  readonly error: string | null;
}

/** Opens what the environment or the settings name; null where sync is off. Reports failures instead of throwing them. */
export async function openConfigured(deps: OpenDeps): Promise<Opened | null> {
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
  { team, logger, keepSecret }: OpenDeps,
  database: TeamDatabase,
): Promise<Pick<Opened, 'engine' | 'error'>> {
  keepSecret(database.password);
  try {
    const engine = await team.open(database);
    return { engine, error: null };
  } catch (error) {
    logger.log('error', 'sync.open', { error });
    return { engine: null, error: error instanceof Error ? error.message : String(error) };
  }
}

const GONE =
  'The password of the team database is missing. Enter it again to resume pushing; nothing is lost in the meantime.';

export async function storedPassword(
  vault: KeyVault,
): Promise<{ password: string | null; mode: 'stored' | 'session'; error: string | null }> {
  const { mode } = await vault.status();
  const where = mode === 'os' ? 'stored' : 'session';
  try {
    const password = await vault.get(PASSWORD_REF);
    return { password, mode: where, error: password === null ? GONE : null };
  } catch (error) {
    if (!isAppError(error)) throw error;
    return { password: null, mode: where, error: error.message };
  }
}
