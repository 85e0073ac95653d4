export { resolveConfig } from './config';
export type { Config } from './config';
export { PYTHON_VERIFIER, verifyExport } from '../audit';
export { backUpHome, checkBackup, listHomeBackups, restoreHome } from './backups';
export { checkStore, readOwner } from '../store';
export { parseDatabaseUrl } from '../team';
export { createCore } from './create-core';
export type { CoreOptions } from './create-core';
export { systemClock, uuidIds } from './runtime';
