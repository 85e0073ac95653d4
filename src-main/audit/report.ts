import * as z from 'zod';
import { restoreRecordSchema } from '../../src-shared/domain';

/** What is wrong with a log or an export. Problems are in the order of entries. */
const problemSchema = z.object({
  /** The entry concerned; the first one if there are several. */
  seq: z.number().nullable(),
  record_type: z.string().nullable(),
  record_id: z.string().nullable(),
  message: z.string(),
});
export type AuditProblem = z.infer<typeof problemSchema>;

export const reportSchema = z.object({
  ok: z.boolean(),
  /** Entries checked. */
  entries: z.number(),
  /** When the last of them was written. */
  verified_to: z.string().nullable(),
  checkpoints: z.number(),
  /** Records whose `record_hmac` was checked, whose key is unavailable, and that never had one. */
  hmac_verified: z.number(),
  hmac_unverifiable: z.number(),
  hmac_missing: z.number(),
  /** Each replacement of the store by a backup: entries newer than the backup were given up. */
  restores: restoreRecordSchema.array(),
  /** The first broken entries. */
  problems: problemSchema.array(),
  problem_count: z.number(),
  /** What could not be checked here, as sentences. */
  notes: z.string().array(),
});
export type AuditReport = z.infer<typeof reportSchema>;

const MAX_NAMED = 50;

interface About {
  readonly seq: number;
  readonly record_type?: string;
  readonly record_id?: string;
}

/** Collects problems, keeping only the first ones. */
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
