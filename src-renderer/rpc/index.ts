export { useAwake } from './awake';
export { backoffMs, pause } from './backoff';
export { api, orpc } from './client';
export { connection } from './connection';
export { changeFailure, changeNotice, failureOf } from './failure';
export type { Failure } from './failure';
export { followChanges } from './live-changes';
export { createQueryClient } from './queries';
export { onlyHere, syncStatusQuery } from './sync-status';
