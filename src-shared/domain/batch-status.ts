import * as z from 'zod';

export const BATCH_STATUSES = ['planned', 'running', 'paused', 'completed', 'stopped', 'cancelled'] as const;
export const batchStatusSchema = z.enum(BATCH_STATUSES);
export type BatchStatus = z.infer<typeof batchStatusSchema>;

/** The comparison has ended, for good or until somebody resumes it. */
const FINAL: ReadonlySet<BatchStatus> = new Set<BatchStatus>(['completed', 'stopped', 'cancelled']);
export const isFinal = (status: BatchStatus): boolean => FINAL.has(status);

/** It was halted before all cells were done, and can be resumed. */
const HALTED: ReadonlySet<BatchStatus> = new Set<BatchStatus>(['paused', 'stopped']);
export const isHalted = (status: BatchStatus): boolean => HALTED.has(status);
