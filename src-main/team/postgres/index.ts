import { stopOutbox, type NamedRead, type Store } from '../../store';
import { countStored } from './counts';

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

/** What takes long enough to be done in a thread of its own. */
export const TEAM_READS: readonly NamedRead[] = [countStored];

/** Forgets the team database after its engine was closed: nothing is queued any more, and nothing stored is touched. */
export function disconnectTeam(store: Store): void {
  store.write(stopOutbox);
}
