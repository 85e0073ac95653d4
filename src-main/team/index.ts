import { stopOutbox, type Store } from '../store';

export { createTeamEngine } from './engine';
export { initTeamDatabase, revertTeamDatabase } from './init';
export type { TeamOrganisation } from './init';
export { checkTeamDatabase } from './server';
export type {
  PushStatus,
  SetAside,
  TeamCounts,
  TeamDatabase,
  TeamEngine,
  TeamEngineDeps,
  TeamTimings,
} from './types';

/** Forgets the team database after its engine was closed: nothing is queued any more, and nothing stored is touched. */
export function disconnectTeam(store: Store): void {
  store.write(stopOutbox);
}
