export { backupBeforeMigration } from './before-migration';
export { copyStore } from './copy';
export { inspectBackup, schemaVersionOf } from './inspect';
export type { StoreFacts } from './inspect';
export { listBackups, newestGoodBackup } from './list';
export { publish } from './files';
export { backupName, backupsFolder } from './names';
export { RESTORE_STEPS, restoreStore } from './restore';
export type { RestoreResult, RestoreStep } from './restore';
