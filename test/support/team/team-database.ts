import { randomBytes } from 'node:crypto';
import { inject } from 'vitest';
import { initTeamDatabase, type TeamDatabase, type TeamOrganisation } from '../../../src-main/team/postgres';
import { asAdmin } from './postgres-server';

/** A new, empty database on the project's server, as its superuser. */
export async function newDatabase(): Promise<TeamDatabase> {
  const admin = inject('postgresAdmin');
  const database = `team_${randomBytes(6).toString('hex')}`;
  await asAdmin(admin, (client) => client.query(`CREATE DATABASE ${database}`));
  return { ...admin, database };
}

/** A new organisation with its own role (roles are server-wide). */
export function organisation(org_id: string): TeamOrganisation {
  const role = `org_${randomBytes(6).toString('hex')}`;
  return { org_id, role, password: `secret-${role}` };
}

export interface TestTeam {
  readonly admin: TeamDatabase;
  readonly org: TeamOrganisation;
  /** Connects as the organisation's role. */
  readonly database: TeamDatabase;
}

/** A prepared team database with one organisation. */
export async function newTeam(org_id = 'acme', admin?: TeamDatabase): Promise<TestTeam> {
  const at = admin ?? (await newDatabase());
  const org = organisation(org_id);
  await initTeamDatabase(at, org);
  return { admin: at, org, database: { ...at, user: org.role, password: org.password } };
}

/** Copies a team database in its current state. Nobody may be connected to the original. */
export async function copyTeam(team: TestTeam): Promise<TestTeam> {
  const database = `copy_${randomBytes(6).toString('hex')}`;
  await asAdmin(inject('postgresAdmin'), (client) =>
    client.query(`CREATE DATABASE ${database} TEMPLATE ${team.admin.database}`),
  );
  return { ...team, admin: { ...team.admin, database }, database: { ...team.database, database } };
}
