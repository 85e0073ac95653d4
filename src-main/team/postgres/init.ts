import { AppError } from '../../../src-shared/domain';
import { TEAM_MIGRATIONS, migrateDown, migrateUp, type TeamMigration } from './migrations';
import { scramVerifier } from './scram';
import { checkServer } from './server';
import { openSession, type Session } from './session';
import { administrationError } from './team-error';
import type { TeamDatabase } from './types';

const ADMIN = { connect: 10_000, answer: 60_000 };
/** An arbitrary lock id, unlikely to be used by anyone else. */
const LOCK = "hashtextextended('prompter.schema', 0)";

const UNPRIVILEGED = 'NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS NOREPLICATION';

export interface TeamOrganisation {
  readonly org_id: string;
  readonly role: string;
  readonly password: string;
}

/**
 * As a database administrator, creates or updates the schema and one organisation's role. Safe to repeat and to run
 * concurrently.
 * @throws TEAM_UNREACHABLE, TEAM_REFUSED, TEAM_UNSUITABLE, MIGRATION_CHANGED, with nothing changed
 */
export function initTeamDatabase(
  admin: TeamDatabase,
  org: TeamOrganisation,
  steps: readonly TeamMigration[] = TEAM_MIGRATIONS,
): Promise<{ applied: string[]; role: string }> {
  return administer(admin, async (session) => {
    await makeSharedRoles(session);
    await session.query(`CREATE SCHEMA IF NOT EXISTS prompter AUTHORIZATION prompter_owner`);
    const applied = await asOwner(session, () => migrateUp(session, steps));
    await makeOrganisationRole(session, admin, org);
    return { applied, role: org.role };
  });
}

/** Reverts the schema to a version; records in dropped tables are lost. */
export function revertTeamDatabase(
  admin: TeamDatabase,
  version: number,
  steps: readonly TeamMigration[] = TEAM_MIGRATIONS,
): Promise<string[]> {
  return administer(admin, (session) => asOwner(session, () => migrateDown(session, steps, version)));
}

/** One transaction under a lock: a concurrent administrator waits, then finds the work done. */
async function administer<T>(admin: TeamDatabase, work: (session: Session) => Promise<T>): Promise<T> {
  const session = await openSession(admin, ADMIN);
  try {
    await checkServer(session, admin);
    return await session.transaction(`SELECT pg_advisory_xact_lock(${LOCK})`, () => work(session));
  } catch (error) {
    throw administrationError(error, admin);
  } finally {
    await session.close();
  }
}

/** Roles belong to the whole server: another of its databases may have created them, or be doing so now. */
async function makeSharedRoles(session: Session): Promise<void> {
  for (const role of ['prompter_owner', 'prompter_app']) {
    await session.query(`DO $$ BEGIN
      IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '${role}') THEN
        CREATE ROLE ${role} NOLOGIN ${UNPRIVILEGED};
      END IF;
    EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
    END $$`);
  }
  await session.query(`DO $$ BEGIN
    IF NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN GRANT prompter_owner TO CURRENT_USER; END IF;
  END $$`);
}

async function asOwner<T>(session: Session, work: () => Promise<T>): Promise<T> {
  await session.query(`SET LOCAL ROLE prompter_owner`);
  const result = await work();
  await session.query(`RESET ROLE`);
  return result;
}

async function makeOrganisationRole(
  session: Session,
  admin: TeamDatabase,
  org: TeamOrganisation,
): Promise<void> {
  if (org.role === admin.user || org.role.startsWith('prompter_') || org.role.startsWith('pg_')) {
    throw unsuitable(`The role "${org.role}" cannot be an organisation's role. Choose another name.`);
  }
  const role = session.identifier(org.role);
  const { rows } = await session.query(
    `SELECT r.rolsuper OR r.rolbypassrls OR r.rolcreaterole OR r.rolcreatedb OR r.rolreplication AS mighty,
       (SELECT org_id FROM prompter.memberships WHERE role_name = r.rolname) AS org_id
     FROM pg_roles r WHERE r.rolname = $1`,
    [org.role],
  );
  const known = rows[0];
  if (known?.['mighty'] === true) {
    throw unsuitable(
      `The role "${org.role}" has more rights than an organisation's role may have. Choose another name.`,
    );
  }
  const member = known?.['org_id'] ?? null;
  if (member !== null && member !== org.org_id) {
    throw unsuitable(`The role "${org.role}" already belongs to another organisation. Choose another name.`);
  }
  const verifier = session.literal(scramVerifier(org.password));
  // Of a role that is there only superusers may so much as name the rest, and it was found to be nobody mighty.
  await session.query(
    known
      ? `ALTER ROLE ${role} LOGIN INHERIT PASSWORD ${verifier}`
      : `CREATE ROLE ${role} LOGIN INHERIT PASSWORD ${verifier} ${UNPRIVILEGED}`,
  );
  await session.query(`GRANT prompter_app TO ${role}`);
  await session.query(`GRANT CONNECT ON DATABASE ${session.identifier(admin.database)} TO ${role}`);
  await asOwner(session, () =>
    session.query(
      `INSERT INTO prompter.memberships (role_name, org_id) VALUES ($1, $2) ON CONFLICT (role_name) DO NOTHING`,
      [org.role, org.org_id],
    ),
  );
}

function unsuitable(message: string): AppError {
  return new AppError('TEAM_UNSUITABLE', `${message} Nothing was changed.`);
}
