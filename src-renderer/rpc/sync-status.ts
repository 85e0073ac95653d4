import type { SyncStatus } from '../../src-shared/contract';
import { orpc } from './client';

const LIVE_MS = 3000;

/** Pushing changes no local record, so the change feed does not report it: polled while a team database is set up. */
export function syncStatusQuery() {
  return orpc.sync.status.queryOptions({
    refetchInterval: ({ state }) => (state.data?.configured === true ? LIVE_MS : false),
  });
}

/** Records that exist only here: waiting to be pushed, or refused by the team database. */
export function onlyHere({ waiting, set_aside }: SyncStatus): number {
  return waiting + set_aside;
}
