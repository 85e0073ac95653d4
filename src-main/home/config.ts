import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import * as z from 'zod';
import { fieldProblemsOf, validationError } from '../../src-shared/domain';
import { parseDatabaseUrl, type TeamDatabase } from './database-url';

/** What the environment decides (docs/interfaces.md#environment). Everything else is a setting in the store. */
export interface Config {
  /** The data folder, absolute. */
  readonly home: string;
  readonly keychain: 'os' | 'session';
  readonly probesEnabled: boolean;
  readonly statisticsEnabled: boolean;
  readonly versionCacheTtlMs: number;
  /** The team's database for headless use, password included: never stored, never shown. */
  readonly teamDatabase: TeamDatabase | null;
}

/** Two words and no others: what somebody meant by `yes` or `1` is not guessed where it switches something off. */
const flag = z.enum(['true', 'false'], { error: 'must be true or false' }).optional();
const environmentSchema = z.object({
  PROMPTER_HOME: z.string().min(1).optional(),
  PROMPTER_KEYCHAIN: z.enum(['os', 'session']).default('os'),
  PROMPTER_PROBE_DISABLED: flag,
  PROMPTER_EXECUTION_LOG_DISABLED: flag,
  PROMPTER_EXECUTION_MODE: z
    .literal('local', { error: 'must be local: this version has no queue for several machines' })
    .default('local'),
  PROMPTER_VERSION_CACHE_TTL_SECONDS: z.coerce.number().int().min(0).max(86_400).default(300),
  PROMPTER_DATABASE_URL: z.string().optional(),
});

/** Reads the environment. @throws VALIDATION_FAILED naming the variable */
export function resolveConfig(env: NodeJS.ProcessEnv): Config {
  const given = Object.fromEntries(
    Object.keys(environmentSchema.shape).map((name) => [name, env[name] === '' ? undefined : env[name]]),
  );
  const result = environmentSchema.safeParse(given);
  if (!result.success) {
    throw validationError(fieldProblemsOf(result.error.issues));
  }
  const { data } = result;
  const home = data.PROMPTER_HOME ?? defaultHome(env);
  return {
    home: isAbsolute(home) ? home : resolve(home),
    keychain: data.PROMPTER_KEYCHAIN,
    probesEnabled: data.PROMPTER_PROBE_DISABLED !== 'true',
    statisticsEnabled: data.PROMPTER_EXECUTION_LOG_DISABLED !== 'true',
    versionCacheTtlMs: data.PROMPTER_VERSION_CACHE_TTL_SECONDS * 1000,
    teamDatabase:
      data.PROMPTER_DATABASE_URL === undefined
        ? null
        : parseDatabaseUrl(data.PROMPTER_DATABASE_URL, 'PROMPTER_DATABASE_URL'),
  };
}

/** The variables that decide something, with what the configuration goes by: two processes with the same text behave alike. */
export function settingsOf(config: Config): Readonly<Record<string, string>> {
  return {
    PROMPTER_KEYCHAIN: config.keychain,
    PROMPTER_PROBE_DISABLED: String(!config.probesEnabled),
    PROMPTER_EXECUTION_LOG_DISABLED: String(!config.statisticsEnabled),
    PROMPTER_VERSION_CACHE_TTL_SECONDS: String(config.versionCacheTtlMs / 1000),
    PROMPTER_DATABASE_URL: JSON.stringify(config.teamDatabase),
  };
}

/** The OS's per-user application data folder; the same that Electron calls `appData`. */
function defaultHome(env: NodeJS.ProcessEnv): string {
  if (process.platform === 'win32')
    return join(env['APPDATA'] ?? join(homedir(), 'AppData', 'Roaming'), 'Prompter');
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'Prompter');
  return join(env['XDG_CONFIG_HOME'] ?? join(homedir(), '.config'), 'prompter');
}
