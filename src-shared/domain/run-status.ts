import * as z from 'zod';

export const RUN_STATUSES = [
  'pending',
  'sending',
  'raw_stored',
  'succeeded',
  'failed',
  'outcome_unknown',
  'cancelled',
] as const;
export const runStatusSchema = z.enum(RUN_STATUSES);
export type RunStatus = z.infer<typeof runStatusSchema>;

/** The run is not over: something will still happen to it without anybody's doing. */
export const OPEN_STATUSES: readonly RunStatus[] = ['pending', 'sending', 'raw_stored'];
export const isOpen = (status: RunStatus): boolean => OPEN_STATUSES.includes(status);

/** What sums count: calls that were made, or may have been. A cancelled run was not. */
export const COUNTED_STATUSES: readonly RunStatus[] = ['succeeded', 'failed', 'outcome_unknown'];
export const isCounted = (status: RunStatus): boolean => COUNTED_STATUSES.includes(status);
