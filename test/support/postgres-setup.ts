import type { TestProject } from 'vitest/node';
import type { TeamDatabase } from '../../src-main/team';
import { startPostgres } from './postgres-server';

declare module 'vitest' {
  export interface ProvidedContext {
    postgresAdmin: TeamDatabase;
  }
}

/** One server for all tests of the project; each test has databases of its own in it. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await startPostgres();
  project.provide('postgresAdmin', server.admin);
  return () => server.stop();
}
