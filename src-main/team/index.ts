export { createSync } from './service';
export type { Sync } from './service';
export type { Team } from './engine';
export { teamOf } from './postgres-engine';
