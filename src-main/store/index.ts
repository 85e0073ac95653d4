export { checkStore } from './engine/check-store';
export { announceOwner } from './engine/owner-lock';
export type { ChangeFeed } from './engine/change-feed';
export type { ReadDb, RecordKey, Sync, Work, WriteDb } from './engine/db';
export type { StoredRow, StoredValue } from './engine/stored-rows';
export { SCHEMA_VERSION } from './migrations/shipped';
export { openStore } from './store';
export type { Store, StoreOptions } from './store';
export { isUniqueViolation } from './engine/sqlite-error';
export * as schema from './tables';

export { getProvider, listProviders } from './connections/providers';
export { getConnectionDialect, setConnectionDialect } from './connections/dialects';
export { deleteSetting, getSetting, putSetting } from './settings/settings';
export { insertRestore, listRestores, LOG_NAME, takePendingRestores } from './audit-log/restores';
export * from './backup';
export { ensureWorkspace } from './settings/workspaces';

export * from './runs/attempts';
export * from './audit-log/leaves';
export * from './outbox/outbox';
export { getState, putState } from './outbox/sync-state';
export { checkHmac } from './audit-log/content';
export { rowsOf } from './audit-log/kind';
export type { Kind } from './audit-log/kind';
export { KINDS } from './audit-log/kinds';
export type { Kinds, SharedType } from './audit-log/kinds';
export { createRecords, RECORDS, stateOf } from './audit-log/read';
export type { LoggedRecord, Records } from './audit-log/read';
export { longRead, onSnapshot } from './engine/long-read';
export type { LongRead, LongReads, NamedRead, Steps } from './engine/long-read';
export * from './batches/batches';
export * from './rollups/budgets';
export * from './runs/raw-responses';
export * from './runs/reviews';
export {
  cellsBetween,
  getRunRow,
  getRunSummary,
  getRunToRead,
  getStoredRun,
  requireRun,
  runsRawStored,
  runsRead,
  runTotals,
  usageOf,
} from './runs/reads';
export type { RunRow, RunToRead, StoredRunSummary } from './runs/reads';
export { listRuns } from './runs/list';
export type { RunFilter } from './runs/list';
export { sumProbes } from './versions/probes';
export { countUnsearched, nextUnsearched, putSearchWords } from './runs/search';
export * from './runs/writes';
export { rebuildRollups } from './rollups/writes';
export * from './rollups/reads';
export { countLatency, countOf, quantileOf } from './rollups/latency-histogram';
export type { Histogram } from './rollups/latency-histogram';
export { foldedUntil } from './rollups/levels';
export type { SeriesOf, SubjectKind } from './rollups/levels';
export { piecesOf, SPANS } from './rollups/spans';
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
} from './connections/connections';
export type { ConnectionRecord, ConnectionSettings } from './connections/connections';
export { decodeCursor, encodeCursor, pageOf, placeOf } from './engine/cursor';
export { recordOfKey, takeKey } from './runs/idempotency';
export type { KeyedRequest } from './runs/idempotency';
export { listModels, replaceModels } from './connections/models';
export type { KnownModels } from './connections/models';
export {
  findVersion,
  latestVersion,
  listVersions,
  upsertSeenVersion,
  versionLastSeenAt,
} from './versions/prompt-versions';
export type { SeenVersion } from './versions/prompt-versions';
export {
  archiveTemplate,
  countTemplates,
  findActiveTemplateByConfig,
  findByConfig,
  getTemplate,
  requireTemplate,
  insertTemplate,
  listAncestors,
  listChildren,
  listTemplates,
  requireSummary,
} from './templates/templates';
export { named, nameIn, promptNameFor, templateHeads, titleOf } from './templates/names';
export type { TemplateHead } from './templates/names';
export { assetBytes, getAsset, insertAsset } from './assets/assets';
export { frozenPartial, insertPartial, listPartials, newestPartial } from './partials/partials';
export type { PartialOwner } from './partials/partials';
export { insertPromptChange, latestPromptChange, listPromptChanges } from './templates/prompt-changes';
export * from './prompts/history';
export { countPrompts, listFacets, listPrompts, promptRow, promptsNamed, summariesOf } from './prompts/list';
export type { PromptFilter, PromptRow } from './prompts/list';
export { misplacedTemplates } from './templates/placement';
export type { TemplateFilter, UnplacedTemplate } from './templates/templates';
export {
  cachedVersionSeen,
  findCachedVersion,
  lastAnsweredModel,
  listCachedVersions,
  putCachedVersion,
} from './versions/cache';
export type { CachedVersion } from './versions/cache';
export { answersAround } from './versions/drift-answers';
export {
  getDriftEvent,
  insertDriftEvent,
  lastSighting,
  listDriftEvents,
  putSighting,
} from './versions/drift';
export * from './templates/approvals';
export { insertLabelMove, labelInForce, labelsOf, listLabels } from './templates/labels';
export { insertPin, listPins, pinChanges } from './templates/pins';
export { acceptBatchLocks, insertBatchLock, listBatchLocks } from './batches/locks';
