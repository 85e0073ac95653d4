export { PYTHON_VERIFIER, verifyExport } from '../audit';
export { backUpHome, checkBackup, listHomeBackups, restoreHome } from './backups';
export { checkStore } from '../store';
export { createCore } from './create-core';
export type { CoreOptions } from './create-core';
export { systemClock, uuidIds } from './runtime';
