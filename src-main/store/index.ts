export { checkStore } from './check-store';
export { announceOwner, readOwner } from './owner-lock';
export type { ChangeFeed } from './change-feed';
export type { ReadDb, RecordKey, Sync, Work, WriteDb } from './db';
export { readJsonColumn } from './row';
export { SCHEMA_VERSION } from './migrations';
export { openStore } from './store';
export type { Store, StoreOptions } from './store';
export { isUniqueViolation } from './sqlite-error';
export * as schema from './schema';

export { getProvider, listProviders } from './providers.repo';
export { getConnectionDialect, setConnectionDialect } from './connection-dialects.repo';
export { deleteSetting, getSetting, putSetting } from './settings.repo';
export { insertRestore, listRestores, LOG_NAME, takePendingRestores } from './restores.repo';
export * from './backup';
export { ensureWorkspace } from './workspaces.repo';

export * from './attempts.repo';
export * from './audit-leaves.repo';
export * from './outbox.repo';
export { getState, putState } from './sync-state.repo';
export { hmacHolds, RECORD_TYPES, rowContentsOf, stateOf } from './audit-content';
export type { RecordType, StoredContent } from './audit-content';
export { contentOf } from './audit-read';
export { longRead, onSnapshot } from './long-read';
export type { LongRead, LongReads, NamedRead, Steps } from './long-read';
export * from './batches.repo';
export * from './budgets.repo';
export * from './raw-responses.repo';
export * from './reviews.repo';
export {
  cellsBetween,
  getRunRow,
  getRunSummary,
  runsRawStored,
  runsRead,
  runTotals,
  usageOf,
} from './runs-read.repo';
export type { RunRow, StoredRunSummary } from './runs-read.repo';
export { listRuns } from './runs-list.repo';
export type { RunFilter } from './runs-list.repo';
export { sumProbes } from './probes.repo';
export { countUnsearched, nextUnsearched, putSearchWords } from './run-search.repo';
export * from './runs.repo';
export { isUnpriced } from './run-contribution';
export { rebuildRollups } from './rollups.repo';
export * from './rollups-read.repo';
export { countLatency, countOf, quantileOf } from './latency-histogram';
export type { Histogram } from './latency-histogram';
export { foldedUntil } from './rollup-levels';
export type { SeriesOf, SubjectKind } from './rollup-levels';
export { piecesOf, SPANS } from './rollup-spans';
export {
  archiveConnection,
  findActiveConnectionByName,
  forgetServer,
  getConnection,
  insertConnection,
  insertConnectionChange,
  listActiveConnections,
  setConnectionKey,
  setConnectionTest,
  UNTESTED,
} from './connections.repo';
export type { ConnectionRecord, ConnectionSettings } from './connections.repo';
export { decodeCursor, encodeCursor, pageOf, placeOf } from './cursor';
export { deleteExpiredIdempotencyKeys, findIdempotencyKey, putIdempotencyKey } from './idempotency.repo';
export type { IdempotencyRef } from './idempotency.repo';
export { listModels, replaceModels } from './models.repo';
export type { KnownModels } from './models.repo';
export {
  findVersion,
  latestVersion,
  listVersions,
  upsertSeenVersion,
  versionLastSeenAt,
} from './prompt-versions.repo';
export type { SeenVersion } from './prompt-versions.repo';
export {
  archiveTemplate,
  countTemplates,
  findActiveTemplateByConfig,
  getTemplate,
  insertTemplate,
  listAncestors,
  listChildren,
  listTemplates,
  templateNames,
} from './templates.repo';
export type { TemplateFilter } from './templates.repo';
export {
  cachedVersionSeen,
  findCachedVersion,
  lastAnsweredModel,
  listCachedVersions,
  putCachedVersion,
} from './provider-version-cache.repo';
export type { CachedVersion } from './provider-version-cache.repo';
export { answersAround } from './drift-answers.repo';
export { getDriftEvent, insertDriftEvent, lastSighting, listDriftEvents, putSighting } from './drift.repo';
export { insertLabelMove, latestLabelMove, listLabels } from './template-labels.repo';
export { insertPin, latestPin, listPins } from './template-pins.repo';
export { acceptBatchLocks, insertBatchLock, listBatchLocks } from './batch-locks.repo';
