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

/** Skips cells of targets that refuse every call: an invalid key, an exhausted quota. */
export interface Refusals {
  ended(targetIndex: number, cell: RunSummary): void;
  /** Whether to skip the target's next cell. Counts it as skipped. */
  shouldSkip(targetIndex: number): boolean;
  /** Why cells were skipped; null if none were. */
  reason(): string | null;
}

/** @param names what each target is called */
export function createRefusals(names: readonly string[]): Refusals {
  const consecutive = new Map<number, number>();
  const lastMessage = new Map<number, string>();
  let skipped = 0;
  return {
    ended(targetIndex, { failure_code, failure_message }) {
      const isRefusal = TARGET_WIDE_FAILURES.has(failure_code);
      consecutive.set(targetIndex, isRefusal ? (consecutive.get(targetIndex) ?? 0) + 1 : 0);
      if (isRefusal) lastMessage.set(targetIndex, failure_message ?? failure_code ?? '');
    },
    shouldSkip(targetIndex) {
      if ((consecutive.get(targetIndex) ?? 0) < MAX_CONSECUTIVE_REFUSALS) return false;
      skipped += 1;
      return true;
    },
    reason() {
      if (skipped === 0) return null;
      const each = names.flatMap((name, target) =>
        (consecutive.get(target) ?? 0) >= MAX_CONSECUTIVE_REFUSALS
          ? [`${name} refused ${MAX_CONSECUTIVE_REFUSALS} calls in a row (${lastMessage.get(target) ?? ''})`]
          : [],
      );
      const cells = skipped === 1 ? '1 cell was' : `${skipped} cells were`;
      return `${each.join('; ')}. ${cells} not sent. Fix the cause, then resume; failed cells can be retried afterwards.`;
    },
  };
}
