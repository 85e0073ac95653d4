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

/** Reads slow enough to need a thread of their own. */
export const TEAM_READS: readonly NamedRead[] = [countStored];

/** Forgets the team database once its engine is closed: records are no longer queued; stored records stay untouched. */
export function disconnectTeam(store: Store): void {
  store.write(stopOutbox);
}
