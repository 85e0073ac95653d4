export type { CurrentVersion, FindCurrentVersion, ProbeRequest, VersionRequest } from './current';
export { createVersionHistory } from './history';
export type { VersionHistory } from './history';
export { withPin } from './pins';
export { createVersionsService } from './service';
export type { Versions } from './service';
