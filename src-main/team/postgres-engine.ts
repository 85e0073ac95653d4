import { DEFAULT_ORG_ID } from '../../src-shared/domain';
import type { Team } from './engine';
import type { TeamEngineDeps } from './postgres';

type Deps = Omit<TeamEngineDeps, 'database' | 'org_id' | 'timings'>;

/** The engine for a team's database. Loads the driver on first use, because most people never need it. */
export function teamOf(deps: Deps): Team {
  const load = () => import('./postgres');
  return {
    open: async (database) => (await load()).createTeamEngine({ ...deps, database, org_id: DEFAULT_ORG_ID }),
    init: async (admin, role) => (await load()).initTeamDatabase(admin, { org_id: DEFAULT_ORG_ID, ...role }),
    disconnect: async () => (await load()).disconnectTeam(deps.store),
    check: async (database) => (await load()).checkTeamDatabase(database, DEFAULT_ORG_ID),
  };
}
