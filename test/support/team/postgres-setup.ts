import type { TestProject } from 'vitest/node';
import { parseDatabaseUrl } from '../../../src-main/home';
import type { TeamDatabase } from '../../../src-main/team/postgres';
import { startPostgres } from './postgres-server';

declare module 'vitest' {
  export interface ProvidedContext {
    postgresAdmin: TeamDatabase;
  }
}

/**
 * One server for all tests of the project, with separate databases for each test. `TEST_DATABASE_URL` (a superuser's)
 * names a different one, such as an older version or one behind a pooler.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const given = process.env['TEST_DATABASE_URL'];
  if (given !== undefined) {
    project.provide('postgresAdmin', parseDatabaseUrl(given, 'TEST_DATABASE_URL'));
    return () => Promise.resolve();
  }
  const server = await startPostgres();
  project.provide('postgresAdmin', server.admin);
  return () => server.stop();
}
