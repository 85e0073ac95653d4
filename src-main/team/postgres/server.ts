import { AppError, isAppError } from '../../../src-shared/domain';
import { newerSchema, TEAM_MIGRATIONS } from './migrations';
import { openSession, type Session, type SessionOptions } from './session';
import { readOnly } from './team-error';
import type { TeamDatabase } from './types';

/**
 * The first release of each major version in which row-level security also covers statistics (CVE-2025-8713). Before
 * 15, views cannot apply the caller's policies.
 */
const SAFE: Readonly<Record<number, number>> = { 15: 14, 16: 10, 17: 6 };

/**
 * @throws TEAM_UNSUITABLE for a server that would leak other organisations' rows, TEAM_REFUSED for one that is
 * read-only
 */
export async function checkServer(session: Session, database: TeamDatabase): Promise<string> {
  const { rows } = await session.query(
    `SELECT current_setting('server_version_num')::int AS number, current_setting('server_version') AS name,
       current_setting('transaction_read_only') = 'on' AS read_only, pg_is_in_recovery() AS is_standby`,
  );
  if (rows[0]?.['read_only'] === true) throw readOnly(database, rows[0]['is_standby'] === true);
  const number = Number(rows[0]?.['number']);
  const name = String(rows[0]?.['name']);
  if (!isSafeVersion(number)) {
    throw new AppError(
      'TEAM_UNSUITABLE',
      `PostgreSQL ${name} is too old to keep organisations apart safely: 15.14, 16.10, 17.6 or 18 is required. Nothing was ` +
        'sent. Update the server.',
      { data: { server_version: name } },
    );
  }
  return name;
}

/** @param number as in `server_version_num`: 170006 is 17.6 */
export function isSafeVersion(number: number): boolean {
  const major = Math.trunc(number / 10_000);
  return major > 17 || number % 10_000 >= (SAFE[major] ?? Number.POSITIVE_INFINITY);
}

export interface TeamServer {
  readonly server_version: string;
  readonly schema_version: number;
  /** Identifies the database; a different or recreated one has another id. */
  readonly team_id: string;
}

/** Signs in and checks that everything is set up. @throws TEAM_UNREACHABLE, TEAM_REFUSED, TEAM_UNSUITABLE */
export async function openTeamSession(
  database: TeamDatabase,
  orgId: string,
  options: SessionOptions,
): Promise<{ session: Session; server: TeamServer }> {
  const session = await openSession(database, options);
  try {
    return { session, server: await inspect(session, database, orgId) };
  } catch (error) {
    await session.close();
    throw error;
  }
}

/** Schema, table or function missing, or no right to use it. */
const NOT_PREPARED: ReadonlySet<unknown> = new Set(['3F000', '42P01', '42883', '42501']);

async function inspect(session: Session, database: TeamDatabase, orgId: string): Promise<TeamServer> {
  const server_version = await checkServer(session, database);
  const about = await session.query(`SELECT * FROM prompter.about()`).catch((error: unknown) => {
    throw isAppError(error) && NOT_PREPARED.has(error.data['sqlstate']) ? notPrepared() : error;
  });
  const row = about.rows[0] ?? {};
  const schema_version = Number(row['schema_version']);
  if (schema_version > TEAM_MIGRATIONS.length) throw newerSchema(schema_version, TEAM_MIGRATIONS.length);
  if (schema_version < TEAM_MIGRATIONS.length) throw notPrepared();
  if (row['org_id'] !== orgId) {
    throw new AppError(
      'TEAM_UNSUITABLE',
      `This role does not belong to the organisation "${orgId}". Nothing was sent. Sign in with the organisation's own role.`,
      { data: { org_id: orgId } },
    );
  }
  return { server_version, schema_version, team_id: String(row['team_id']) };
}

function notPrepared(): AppError {
  return new AppError(
    'TEAM_UNSUITABLE',
    'The database is not set up for this version of Prompter and this role. Nothing was sent. Ask a database administrator ' +
      'to run "prompter sync init".',
  );
}

/** Signs in as the organisation's role and checks that everything is set up. @throws as `openTeamSession` */
export async function checkTeamDatabase(
  database: TeamDatabase,
  orgId: string,
): Promise<{ server_version: string; schema_version: number; role: string }> {
  const { session, server } = await openTeamSession(database, orgId, { connect: 10_000, answer: 10_000 });
  await session.close();
  const { server_version, schema_version } = server;
  return { server_version, schema_version, role: database.user };
}
