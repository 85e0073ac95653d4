export { createVersionHistory } from './history';
export type { VersionHistory } from './history';
export { createVersionsService } from './service';
export type { CurrentVersion, ProbeRequest, Versions } from './service';
