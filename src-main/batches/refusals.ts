import type { FailureCode, RunSummary } from '../../src-shared/domain';

/** Failures that affect every call to the target until somebody fixes the cause. */
const TARGET_WIDE_FAILURES: ReadonlySet<FailureCode | null> = new Set<FailureCode>([
  'auth_failed',
  'permission_denied',
  'quota_exhausted',
  'model_not_found',
]);
/** One refusal may be a hiccup; after this many in a row, the remaining calls would fail too. */
const MAX_CONSECUTIVE_REFUSALS = 5;

/** Why every further call to a target would be wasted, and what mends it. */
export interface Cause {
  /** Follows the target's name: `refused 5 calls in a row (invalid key)`. */
  readonly why: string;
  /** A sentence. */
  readonly remedy: string;
}

const MEND = 'Fix the cause, then resume; failed cells can be retried afterwards.';

/** Skips cells of targets that refuse every call (an invalid key, an exhausted quota), or whose pin does not hold. */
export interface Refusals {
  ended(targetIndex: number, cell: Pick<RunSummary, 'failure_code' | 'failure_message'>): void;
  /** From here on the target's cells are skipped. The first cause stands. */
  leaveOut(targetIndex: number, cause: Cause): void;
  /** Whether to skip the target's next cell. Counts it as skipped. */
  shouldSkip(targetIndex: number): boolean;
  /** Why cells were skipped; null if none were. */
  reason(): string | null;
}

/** @param names what each target is called */
export function createRefusals(names: readonly string[]): Refusals {
  const consecutive = new Map<number, number>();
  const causes = new Map<number, Cause>();
  const skipped = new Map<number, number>();

  const leaveOut = (targetIndex: number, cause: Cause): void => {
    if (!causes.has(targetIndex)) causes.set(targetIndex, cause);
  };

  return {
    ended(targetIndex, { failure_code, failure_message }) {
      const isRefusal = TARGET_WIDE_FAILURES.has(failure_code);
      const count = isRefusal ? (consecutive.get(targetIndex) ?? 0) + 1 : 0;
      consecutive.set(targetIndex, count);
      if (count < MAX_CONSECUTIVE_REFUSALS) return;
      const why = `refused ${MAX_CONSECUTIVE_REFUSALS} calls in a row (${failure_message ?? failure_code ?? ''})`;
      leaveOut(targetIndex, { why, remedy: MEND });
    },
    leaveOut,
    shouldSkip(targetIndex) {
      if (!causes.has(targetIndex)) return false;
      skipped.set(targetIndex, (skipped.get(targetIndex) ?? 0) + 1);
      return true;
    },
    reason() {
      let total = 0;
      const each: string[] = [];
      const remedies = new Set<string>();
      for (const [target, name] of names.entries()) {
        const cause = causes.get(target);
        const count = skipped.get(target);
        if (!cause || count === undefined) continue;
        total += count;
        each.push(`${name} ${cause.why}`);
        remedies.add(cause.remedy);
      }
      if (total === 0) return null;
      const cells = total === 1 ? '1 cell was' : `${total} cells were`;
      return `${each.join('; ')}. ${cells} not sent. ${[...remedies].join(' ')}`;
    },
  };
}
