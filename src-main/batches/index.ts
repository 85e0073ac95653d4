export { createConnectionLimits } from './limiter';
export type { ConnectionLimits } from './limiter';
export { createBatchesService, pauseInterrupted } from './service';
export type { Batches } from './service';
