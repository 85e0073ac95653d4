export { useAwake } from './awake';
export { backoffMs, pause } from './backoff';
export { api, orpc } from './client';
export type { ApiClient } from './client';
export { connection } from './connection';
export { failureOf, isAborted } from './failure';
export type { Failure, FieldFailure } from './failure';
export { followChanges } from './live-changes';
export { createQueryClient } from './queries';
