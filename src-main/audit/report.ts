import * as z from 'zod';
import { restoreRecordSchema } from '../../src-shared/domain';

/** Why a log or an export is not whole. Problems are listed in the order of the entries. */
const problemSchema = z.object({
  /** The entry, where it is about one; the first of them, where it is about one of several. */
  seq: z.number().nullable(),
  record_type: z.string().nullable(),
  record_id: z.string().nullable(),
  message: z.string(),
});
export type AuditProblem = z.infer<typeof problemSchema>;

export const reportSchema = z.object({
  ok: z.boolean(),
  /** How many entries were looked at. */
  entries: z.number(),
  /** When the last of them was written. */
  verified_to: z.string().nullable(),
  checkpoints: z.number(),
  /** Records whose `record_hmac` was checked, those whose key is not at hand, and those that never had one. */
  hmac_verified: z.number(),
  hmac_unverifiable: z.number(),
  hmac_missing: z.number(),
  /** Each time a backup took the place of the store: what its log had beyond the backup was given up. */
  restores: restoreRecordSchema.array(),
  /** The first broken entries. */
  problems: problemSchema.array(),
  problem_count: z.number(),
  /** What could not be checked here, in words. */
  notes: z.string().array(),
});
export type AuditReport = z.infer<typeof reportSchema>;

const MAX_NAMED = 50;

interface About {
  readonly seq: number;
  readonly record_type?: string;
  readonly record_id?: string;
}

/** Collects problems; only the first are kept. */
export function problemList() {
  const problems: AuditProblem[] = [];
  let count = 0;
  return {
    add(message: string, entry: About | null = null): void {
      count += 1;
      if (problems.length >= MAX_NAMED) return;
      problems.push({
        seq: entry?.seq ?? null,
        record_type: entry?.record_type ?? null,
        record_id: entry?.record_id ?? null,
        message: `${message.charAt(0).toUpperCase()}${message.slice(1)}`,
      });
    },
    count: () => count,
    result: () => ({ ok: count === 0, problems, problem_count: count }),
  };
}

export type ProblemList = ReturnType<typeof problemList>;
