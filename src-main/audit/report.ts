import type { RestoreRecord } from '../../src-shared/domain';

/** Why a log or an export is not whole. Problems are listed in the order of the entries. */
export interface AuditProblem {
  /** The entry, where it is about one. */
  readonly seq: number | null;
  readonly record_type: string | null;
  readonly record_id: string | null;
  readonly message: string;
}

export interface AuditReport {
  readonly ok: boolean;
  /** How many entries were looked at. */
  readonly entries: number;
  /** When the last of them was written. */
  readonly verified_to: string | null;
  readonly checkpoints: number;
  /** Records whose `record_hmac` was checked, and those whose key is not at hand. */
  readonly hmac_verified: number;
  readonly hmac_unverifiable: number;
  /** Each time a backup took the place of the store: what its log had beyond the backup was given up. */
  readonly restores: RestoreRecord[];
  /** The first broken entries. */
  readonly problems: AuditProblem[];
  readonly problem_count: number;
}

const MAX_NAMED = 50;

/** Collects problems; only the first are kept. */
export function problemList() {
  const problems: AuditProblem[] = [];
  let count = 0;
  return {
    add(message: string, entry: { seq: number; record_type: string; record_id: string } | null = null): void {
      count += 1;
      if (problems.length >= MAX_NAMED) return;
      problems.push({
        seq: entry?.seq ?? null,
        record_type: entry?.record_type ?? null,
        record_id: entry?.record_id ?? null,
        message,
      });
    },
    result: () => ({ ok: count === 0, problems, problem_count: count }),
  };
}

export type ProblemList = ReturnType<typeof problemList>;
