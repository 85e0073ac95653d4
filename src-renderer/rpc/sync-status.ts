import type { SyncStatus } from '../../src-shared/contract';
import { orpc } from './client';

const LIVE_MS = 3000;

/** Pushing changes no local record, so the change feed is silent about it: asked for as long as there is a database. */
export function syncStatusQuery() {
  return orpc.sync.status.queryOptions({
    refetchInterval: ({ state }) => (state.data?.configured === true ? LIVE_MS : false),
  });
}

/** Records that are only here: waiting to be pushed, or refused by the team's database. */
export function onlyHere({ waiting, set_aside }: SyncStatus): number {
  return waiting + set_aside;
}
